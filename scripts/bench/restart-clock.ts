/** When each step of each restart happens, seen from outside of the product every few milliseconds. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createKafkaReader } from '../../src/kafka/kafkajs-reader';
import { askedToStop, brokerLog } from '../../src/lab/faults/broker-log';
import type { LogTail } from '../../src/lab/faults/log-tail';
import type { LabHost } from '../../src/lab/lab-types';
import { LAB_PORTS } from '../../src/lab/network';
import { KafkaProcesses } from '../../src/lab/observer/kafka-processes';

/** One restart of one broker (ms, monotonic); null: not seen yet. */
export interface TimedRestart {
  host: string;
  /** The broker's own log has the line of the signal. */
  askedMs: number;
  goneMs: number | null;
  /** The next process is there. */
  startedMs: number | null;
  /** Every broker says that every partition has all its replicas in sync. */
  wholeMs: number | null;
}

const everyMs = 10;

interface Watched {
  name: string;
  log: LogTail;
}

/** Watches the brokers of a lab until it is stopped. */
export class RestartClock {
  readonly restarts: TimedRestart[] = [];
  private readonly watched: readonly Watched[];
  private readonly processes: KafkaProcesses;
  private readonly reader: ReturnType<typeof createKafkaReader>;
  private readonly ids: readonly number[];
  private over = false;
  private readonly loops: Promise<unknown>;

  constructor(hosts: readonly LabHost[]) {
    const brokers = hosts.filter(({ nodeId, roles }) => nodeId !== null && roles.includes('broker'));
    this.watched = brokers.map((host) => ({ name: host.name, log: brokerLog(host) }));
    this.processes = new KafkaProcesses(brokers);
    const nodes = brokers.map(({ nodeId, address }) => ({ id: nodeId ?? 0, kafka: `${address}:${LAB_PORTS.kafka}` }));
    this.ids = nodes.map(({ id }) => id);
    this.reader = createKafkaReader({ nodes, requestTimeoutMs: 1_000, connectTimeoutMs: 500 });
    this.loops = Promise.all([this.repeat(() => this.look()), this.repeat(() => this.ask())]);
  }

  async stop(): Promise<void> {
    this.over = true;
    await this.loops;
    await this.reader.close();
  }

  private async repeat(work: () => Promise<void> | void): Promise<void> {
    while (!this.over) {
      await work();
      await sleep(everyMs);
    }
  }

  private look(): void {
    const nowMs = performance.now();
    for (const { name, log } of this.watched) if (log.read().includes(askedToStop)) this.asked(name, nowMs);
    const now = this.restarts.at(-1);
    if (now?.startedMs !== null) return;
    const isThere = (this.processes.look().get(now.host) ?? []).length > 0;
    if (!isThere) now.goneMs ??= nowMs;
    else if (now.goneMs !== null) now.startedMs = nowMs;
  }

  private asked(host: string, askedMs: number): void {
    this.restarts.push({ host, askedMs, goneMs: null, startedMs: null, wholeMs: null });
  }

  private async ask(): Promise<void> {
    const now = this.restarts.at(-1);
    if (now?.wholeMs !== null || now.startedMs === null) return;
    const views = await Promise.all(this.ids.map((id) => this.reader.metadata(id).catch(() => null)));
    const isWhole = views.every((view) =>
      view?.partitions.every(({ isr, replicas, leader }) => leader !== null && isr.length === replicas.length),
    );
    if (isWhole) now.wholeMs = performance.now();
  }
}
