/** The broker settings of one release, read from its own jars. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureKafkaDistribution } from '../../src/lab/provision/kafka-distribution';

const run = promisify(execFile);

/** One setting as a release defines it. */
export interface DefinedSetting {
  type: string;
  /** `=` and the value as Kafka writes it, or `required`. */
  default: string;
  /** What the validator calls itself; empty without one. */
  valid: string;
}

/** Settings by name; a JVM compiles and runs the reader against the release's libraries, about a second. */
export const readSettings = async (version: string): Promise<Map<string, DefinedSetting>> => {
  const distribution = await ensureKafkaDistribution(version, { log: () => undefined });
  const reader = join(__dirname, 'BrokerSettings.java');
  const { stdout } = await run('java', ['-cp', join(distribution, 'libs/*'), reader], { maxBuffer: 16 * 1024 * 1024 });
  const rows = stdout.split('\n').filter((line) => line.includes('\t'));
  return new Map(
    rows.map((row) => {
      const [name = '', type = '', value = '', valid = ''] = row.split('\t');
      return [name, { type, default: value, valid }];
    }),
  );
};
