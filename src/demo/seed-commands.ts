/** The checks of the procedure as an operator types them, run with the broker's own tools on its own host. */
import type { Lab } from '../lab/lab';

export interface CommandRecord {
  command: string;
  host: string;
  exitCode: number;
  output: string;
  /** What it said on its standard error. */
  remarks: string;
}

/** Enough to see what a command says (characters). */
const maxOutput = 4_000;

const commands = (bootstrap: string, kraft: boolean): string[] => {
  const server = `--bootstrap-server ${bootstrap}`;
  return [
    `kafka-topics.sh ${server} --describe --under-replicated-partitions`,
    `kafka-topics.sh ${server} --describe --unavailable-partitions`,
    `kafka-broker-api-versions.sh ${server} | grep -c "id:"`,
    ...(kraft
      ? [`kafka-features.sh ${server} describe`, `kafka-metadata-quorum.sh ${server} describe --status`]
      : [`kafka-broker-api-versions.sh ${server} | head -4`]),
  ];
};

/** Runs the checks on the first broker's host, with Kafka's own scripts of the release that is installed there. */
export const runSeedCommands = async (lab: Lab, signal?: AbortSignal): Promise<CommandRecord[]> => {
  const [host] = lab.brokers;
  if (host === undefined) return [];
  const records: CommandRecord[] = [];
  for (const command of commands(lab.bootstrap.split(',')[0] ?? '', lab.controllers.length > 0)) {
    const { stdout, stderr, exitCode } = await lab.exec(
      host.name,
      `PATH="/opt/kafka/bin:$PATH"; ${command}`,
      signal === undefined ? {} : { signal },
    );
    const cut = (text: string): string => text.trimEnd().slice(0, maxOutput);
    records.push({ command, host: host.name, exitCode, output: cut(stdout), remarks: cut(stderr) });
  }
  return records;
};
