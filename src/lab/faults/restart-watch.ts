import type { LabHost } from '../lab-types';
import type { Observer } from '../observer/observer';
import type { ProcessSpan } from '../observer/node-history';
import { isRunning } from '../process-identity';
import { askedToStop, brokerLog } from './broker-log';
import type { LogTail } from './log-tail';

/** The steps of a restart as they can be seen from outside, in their order. */
export const restartSteps = ['stop-asked', 'shutting-down', 'down', 'starting', 'catching-up'] as const;
export type RestartStep = (typeof restartSteps)[number];

/** One restart of one node: from the signal to stop until the next node gets one. */
export interface Restart {
  /** Counted from 0 over the whole upgrade. */
  index: number;
  host: LabHost;
  /** When each step was first seen (ms, as in the observer). */
  steps: Map<RestartStep, number>;
  /** The process that was asked to stop. */
  process: ProcessSpan;
  /** Somebody else starts the node in between: its next stop belongs to this restart. */
  disturbed: boolean;
}

/** Kafka's log is looked at this often: a broker is down for a tenth of a second where nobody waits (ms). */
const everyMs = 20;

/** Every leader is elsewhere: with ZooKeeper, and on KRaft. */
const leadersMoved =
  /Controlled shutdown request returned successfully|controller has asked us to exit controlled shutdown/;

interface WatchedHost {
  host: LabHost;
  log: LogTail;
}

/** Tells each step of each restart once, as soon as it is seen from outside of the product. */
export class RestartWatch {
  readonly restarts: Restart[] = [];
  private readonly hosts: readonly WatchedHost[];
  private readonly timer: NodeJS.Timeout;
  private readonly stopLooking: () => void;

  constructor(
    private readonly observer: Observer,
    hosts: readonly LabHost[],
    private readonly onStep: (restart: Restart, step: RestartStep) => void,
  ) {
    this.hosts = hosts.filter(({ nodeId }) => nodeId !== null).map((host) => ({ host, log: brokerLog(host) }));
    this.timer = setInterval(() => this.look(), everyMs);
    this.stopLooking = observer.onLook(() => this.lookAtProcesses());
  }

  stop(): void {
    clearInterval(this.timer);
    this.stopLooking();
  }

  private look(): void {
    for (const { host, log } of this.hosts) {
      const text = log.read();
      if (text.includes(askedToStop)) this.stopAsked(host);
      if (leadersMoved.test(text)) this.reached(host, 'shutting-down');
    }
    const now = this.restarts.at(-1);
    if (now !== undefined && !isRunning(now.process)) this.reached(now.host, 'down');
  }

  private stopAsked(host: LabHost): void {
    const process = this.observer.nodes.get(host.name)?.processes.at(-1);
    const last = this.restarts.at(-1);
    if (process === undefined || last?.process === process) return;
    const goesOn = last?.host === host && (last.disturbed || !last.steps.has('catching-up'));
    if (goesOn) return;
    this.restarts.push({ index: this.restarts.length, host, steps: new Map(), process, disturbed: false });
    this.reached(host, 'stop-asked');
  }

  private lookAtProcesses(): void {
    const now = this.restarts.at(-1);
    if (now?.steps.has('down') !== true) return;
    const node = this.observer.nodes.get(now.host.name);
    if (node === undefined || node.state === 'gone' || node.processes.at(-1) === now.process) return;
    this.reached(now.host, 'starting');
    if (node.state === 'up') this.reached(now.host, 'catching-up');
  }

  private reached(host: LabHost, step: RestartStep): void {
    const now = this.restarts.at(-1);
    if (now?.host !== host || now.steps.has(step)) return;
    now.steps.set(step, performance.now());
    this.onStep(now, step);
  }
}
