import type { LabHost } from '../lab-types';
import { LAB_PORTS } from '../network';
import { KafkaProcesses } from './kafka-processes';
import { NodeHistory } from './node-history';
import { PortProbe } from './port-probe';

/** Ten looks a second: an absence is known to a tenth of a second at either end. */
const everyMs = 100;

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
