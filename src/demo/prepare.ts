import { requireLabMachine } from '../lab/lab-unavailable';
import { ensureKafkaDistribution } from '../lab/provision/kafka-distribution';
import { ensureTool } from '../lab/provision/toolchain';
import type { ToolName } from '../lab/provision/toolchain';

const tools: ToolName[] = ['java', 'sshd', 'ssh-keygen', 'unshare', 'nsenter', 'flock'];

/** Makes the machine ready: programs, then both releases of Kafka in the cache. Refuses in one line where it cannot. */
export const prepareMachine = async (input: { releases: string[]; log: (line: string) => void }): Promise<void> => {
  const { log } = input;
  // Only here can anything be installed; elsewhere the lab says what is missing.
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    for (const tool of tools) await ensureTool(tool, { log });
  }
  await requireLabMachine();
  for (const release of input.releases) await ensureKafkaDistribution(release, { log });
};
