import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { shellQuote } from '../../ssh/shell-quote';
import type { Lab } from '../lab-types';
import { until } from '../until';
import { startJavaClient, type JavaClient } from './java-client';
import { ensureTopic } from './topic';
import { auditCopies, type CopyAudit } from './copy-audit';
import { startProducer } from './verifiable-clients';

/** What a copier that is stopped found when its books were closed. */
export interface CopyReport extends CopyAudit {
  /** How often the copier was started: it ends by itself whenever it has caught up. */
  runs: number;
}

/** Consume-transform-produce with exactly-once semantics, for as long as it is not finished. */
export interface TransactionalCopier {
  /** Stops the producer, lets the copier catch up, and compares both topics. */
  finish(): Promise<CopyReport>;
  /** Ends everything at once, without a report. */
  stop(): Promise<void>;
}

const SOURCE = 'payments';
const TARGET = 'payments-copied';
/** So small that a restart, or a feature that is raised, always meets open transactions. */
const RECORDS_PER_TRANSACTION = 5;
const RATE_PER_SECOND = 50;
const STOP_LIMIT_MS = 30_000;
/** The longest run: all that came in while the one before was ending. */
const CATCH_UP_LIMIT_MS = 120_000;

/**
 * Starts Kafka's own TransactionalMessageCopier of the lab's release over a topic that a producer keeps filling. The tool
 * ends at the end of its topic; it is then started again with the same transactional id, as a service would be.
 */
export async function startTransactionalCopier(
  lab: Pick<Lab, 'directory' | 'bootstrap' | 'brokers' | 'releaseDirectory' | 'exec'>,
): Promise<TransactionalCopier> {
  const directory = join(lab.directory, 'traffic-transactions');
  await mkdir(directory, { recursive: true });
  const replicas = Math.min(3, lab.brokers.length);
  for (const topic of [SOURCE, TARGET]) await ensureTopic({ ...lab, topic, partitions: 1, replicas });
  const run = Math.floor(Date.now() / 1000);
  const setting = { ...lab, topic: SOURCE, run, directory, onLine: () => undefined };
  const producer = startProducer(setting, RATE_PER_SECOND);
  const copier = new CopierLoop(lab, join(directory, 'copier.err'));
  return {
    finish: async () => {
      await producer.stop(STOP_LIMIT_MS);
      await copier.catchUp();
      const [source, target] = [await valuesOf(lab, SOURCE), await valuesOf(lab, TARGET)];
      return { ...auditCopies(source, target), runs: copier.runs };
    },
    stop: async () => {
      await Promise.all([producer.stop(0), copier.stop()]);
    },
  };
}

/** Runs the copier again and again, one at a time: two with one transactional id would fence each other. */
class CopierLoop {
  runs = 0;
  private ending = false;
  private current: JavaClient | null = null;
  private readonly loop: Promise<void>;

  constructor(
    private readonly lab: Pick<Lab, 'bootstrap' | 'releaseDirectory'>,
    private readonly errorFile: string,
  ) {
    this.loop = this.keepRunning();
  }

  /** Ends the loop, and runs once more to the end of what is there. */
  async catchUp(): Promise<void> {
    this.ending = true;
    await this.loop;
    await this.runOnce();
  }

  async stop(): Promise<void> {
    this.ending = true;
    await this.current?.stop(0);
    await this.loop;
  }

  private async keepRunning(): Promise<void> {
    while (!this.ending) {
      await this.runOnce();
      // An empty topic ends it at once.
      await sleep(200);
    }
  }

  private async runOnce(): Promise<void> {
    this.runs += 1;
    const client = startJavaClient({
      releaseDirectory: this.lab.releaseDirectory,
      mainClass: 'org.apache.kafka.tools.TransactionalMessageCopier',
      arguments: [
        ...['--broker-list', this.lab.bootstrap, '--input-topic', SOURCE, '--input-partition', '0'],
        ...['--output-topic', TARGET, '--consumer-group', 'payments-copier', '--transactional-id', 'payments-copier'],
        ...['--transaction-size', String(RECORDS_PER_TRANSACTION), '--use-group-metadata'],
      ],
      errorFile: this.errorFile,
      onLine: () => undefined,
    });
    this.current = client;
    await until(() => (client.isRunning() ? null : true), {
      what: 'the end of a run of the transactional copier',
      timeoutMs: CATCH_UP_LIMIT_MS,
    });
  }
}

/** Every committed value of a topic, read by the console consumer on a broker's host to the end. */
async function valuesOf(lab: Pick<Lab, 'bootstrap' | 'brokers' | 'exec'>, topic: string): Promise<string[]> {
  const [host] = lab.brokers;
  if (host === undefined) return [];
  const words = [
    ...['/opt/kafka/bin/kafka-console-consumer.sh', '--bootstrap-server', lab.bootstrap, '--topic', topic],
    ...['--from-beginning', '--isolation-level', 'read_committed', '--timeout-ms', '6000'],
  ];
  const { stdout } = await lab.exec(host.name, words.map(shellQuote).join(' '), { timeoutMs: 120_000 });
  return stdout.split('\n').filter((line) => line !== '');
}
