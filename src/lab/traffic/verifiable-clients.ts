import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseClientLine, type ClientLine } from './client-lines';
import { startJavaClient, type JavaClient } from './java-client';

/** What every client of one traffic run shares. */
export interface ClientSetting {
  releaseDirectory: string;
  bootstrap: string;
  topic: string;
  /** The number that leads every record's value. */
  run: number;
  /** Directory for the clients' configuration and error output. */
  directory: string;
  onLine: (line: ClientLine) => void;
}

// Enough different keys that every partition gets its share of even a second's records.
const KEYS = 1200;

/**
 * Kafka's own VerifiableProducer: prints every record with its place once the brokers have acknowledged it. The tool
 * sets `retries=0`, so retries and idempotence are put back to the client's defaults; timeouts are the defaults. It
 * lingers for batches, as busy producers do: six hundred requests a second would only measure this machine.
 */
export function startProducer(setting: ClientSetting, ratePerSecond: number): JavaClient {
  const config = join(setting.directory, 'producer.properties');
  writeFileSync(config, ['acks=all', 'enable.idempotence=true', 'retries=2147483647', 'linger.ms=50', ''].join('\n'));
  return start(setting, 'VerifiableProducer', [
    ...['--throughput', String(ratePerSecond), '--acks', '-1', '--producer.config', config],
    ...['--value-prefix', String(setting.run), '--repeating-keys', String(KEYS)],
  ]);
}

/** Kafka's own VerifiableConsumer: prints every record that it is handed; commits every 5 s as clients do by default. */
export function startConsumer(setting: ClientSetting, group: string): JavaClient {
  return start(setting, 'VerifiableConsumer', [
    ...['--group-id', group, '--verbose', '--enable-autocommit', '--reset-policy', 'earliest'],
  ]);
}

function start(setting: ClientSetting, tool: string, specific: string[]): JavaClient {
  return startJavaClient({
    releaseDirectory: setting.releaseDirectory,
    mainClass: `org.apache.kafka.tools.${tool}`,
    arguments: ['--bootstrap-server', setting.bootstrap, '--topic', setting.topic, ...specific],
    errorFile: join(setting.directory, `${tool}.err`),
    onLine: (text) => {
      const line = parseClientLine(text, setting.run);
      if (line !== null) setting.onLine(line);
    },
  });
}
