import { requireLabMachine } from '../lab/lab-unavailable';
import { ensureKafkaDistribution } from '../lab/provision/kafka-distribution';
import { ensureLabTools } from '../lab/provision/lab-tools';

/** Makes the machine ready: programs, then both releases of Kafka in the cache. Refuses in one line where it cannot. */
export const prepareMachine = async (input: { releases: string[]; log: (line: string) => void }): Promise<void> => {
  const { log } = input;
  await ensureLabTools(log);
  await requireLabMachine();
  for (const release of input.releases) await ensureKafkaDistribution(release, { log });
};
