/** Starts a lab in the directory given as argument and prints its log: a starter that a test can kill. */
import { labUp } from '../../../src/lab/lab';

const [, , directory = ''] = process.argv;
labUp({ directory, release: '3.7.2', brokers: 1, log: (line) => console.log(line) }).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
