import { connect } from 'node:net';
import type { LabHost } from '../lab-types';
import { LAB_PORTS } from '../network';
import { KafkaProcesses } from './kafka-processes';
import { NodeHistory } from './node-history';

/** Ten looks a second: an absence is known to a tenth of a second at either end. */
const everyMs = 100;
/** A port on this machine answers at once, or its packets are dropped. */
const answerLimitMs = 500;

/** More than one node was not up at the same time. */
export interface DownTogether {
  atMs: number;
  /** Name, and what was seen: `broker-1: no process`, `broker-2: connect ECONNREFUSED 127.77.0.2:9092`. */
  nodes: string[];
}

/** What an observer outside of the product saw of a lab. */
export interface Observations {
  nodes: ReadonlyMap<string, NodeHistory>;
  /** Looks at which two nodes or more were down, that is without a process or without an open port. */
  downTogether: readonly DownTogether[];
  looks: number;
  /** Single connections that failed, `broker-1: …`. */
  flickers: readonly string[];
  /** The longest time between two looks: shorter absences may have been missed (ms). */
  longestBlinkMs: number;
}

/** One connection that fails between others that do not is noted, and is no closed port: a stop closes it for seconds. */
const failuresOfClosedPort = 2;

/** Does the node's own port accept connections? A port that has not answered by now does not. */
class PortProbe {
  /** Why the last connection failed, null when it was accepted. */
  failure: string | null = null;
  private failuresInARow = failuresOfClosedPort;
  private pending = false;

  constructor(
    private readonly target: { host: string; port: number },
    /** Told why a single connection failed. */
    private readonly onFlicker: (failure: string) => void,
  ) {}

  get accepts(): boolean {
    return this.failuresInARow < failuresOfClosedPort;
  }

  look(): void {
    if (this.pending) return;
    this.pending = true;
    const socket = connect({ ...this.target, timeout: answerLimitMs });
    const settle = (failure: string | null): void => {
      if (failure === null && this.failuresInARow === 1) this.onFlicker(this.failure ?? '');
      this.failuresInARow = failure === null ? 0 : this.failuresInARow + 1;
      this.failure = failure;
      this.pending = false;
      // Without a reset the closed connections of ten looks a second would pile up on the machine.
      socket.resetAndDestroy();
    };
    socket.once('connect', () => settle(null));
    socket.once('error', ({ message }) => settle(message));
    socket.once('timeout', () => settle(`no answer within ${answerLimitMs} ms`));
  }
}

interface WatchedNode {
  name: string;
  probe: PortProbe;
  history: NodeHistory;
}

const downWords = ({ name, history, probe }: WatchedNode): string =>
  `${name}: ${history.state === 'gone' ? 'no process' : probe.failure}`;

const portOf = ({ roles }: LabHost): number => (roles.includes('broker') ? LAB_PORTS.kafka : LAB_PORTS.controller);

/**
 * Watches every node of a lab ten times a second, from the machine around it: its processes in `/proc`, its port by a
 * TCP connection. It trusts nothing that the product, Kafka or the host itself says.
 */
export class Observer implements Observations {
  readonly nodes: ReadonlyMap<string, NodeHistory>;
  readonly downTogether: DownTogether[] = [];
  readonly flickers: string[] = [];
  looks = 0;
  longestBlinkMs = 0;
  private readonly watched: readonly WatchedNode[];
  private readonly processes: KafkaProcesses;
  private readonly listeners = new Set<() => void>();
  private lastMs: number | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(hosts: readonly LabHost[]) {
    const nodes = hosts.filter(({ nodeId }) => nodeId !== null);
    this.processes = new KafkaProcesses(nodes);
    this.watched = nodes.map((host) => ({
      name: host.name,
      probe: new PortProbe({ host: host.address, port: portOf(host) }, (failure) =>
        this.flickers.push(`${host.name}: ${failure}`),
      ),
      history: new NodeHistory(),
    }));
    this.nodes = new Map(this.watched.map(({ name, history }) => [name, history]));
  }

  /** Begins to watch; the first looks at the ports are behind it when it resolves. */
  async start(): Promise<this> {
    for (const { probe } of this.watched) probe.look();
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    this.timer = setInterval(() => this.look(), everyMs);
    return this;
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  /** Calls back after every look; returns how to end that. */
  onLook(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private look(): void {
    const atMs = performance.now();
    if (this.lastMs !== null) this.longestBlinkMs = Math.max(this.longestBlinkMs, atMs - this.lastMs);
    this.lastMs = atMs;
    this.looks++;
    const found = this.processes.look();
    for (const { name, probe, history } of this.watched) {
      history.record({ atMs, processes: found.get(name) ?? [], accepts: probe.accepts });
      probe.look();
    }
    const nodes = this.watched.filter(({ history }) => history.state !== 'up').map(downWords);
    if (nodes.length > 1) this.downTogether.push({ atMs, nodes });
    for (const listener of this.listeners) listener();
  }
}
