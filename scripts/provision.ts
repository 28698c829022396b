import { provision } from '../src/lab/provision/provision';
import { messageOf } from '../src/domain/common/message-of';

/** Fills the cache: `npx tsx scripts/provision.ts tools kafka:3.7.2 kafka:3.8.1 temporal test-server`. */
provision(process.argv.slice(2), (line) => {
  process.stdout.write(`${line}\n`);
}).catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
