import type { SeenProcess } from './kafka-processes';

/** `up`: a process is there and its port accepts connections; `deaf`: a process without an open port; `gone`: no process. */
export type NodeState = 'up' | 'deaf' | 'gone';

/** One look at one node; the clock is any that only goes forward (ms). */
export interface NodeSample {
  atMs: number;
  processes: readonly SeenProcess[];
  accepts: boolean;
}

/** A time during which a node was in one state; `toMs` is null while it still is. */
export interface StateSpan {
  state: NodeState;
  fromMs: number;
  toMs: number | null;
}

/** A process from the first to the last look at it. */
export interface ProcessSpan extends SeenProcess {
  firstMs: number;
  lastMs: number;
}

/** A time during which a node was away, from the end of its process until its port accepted connections again. */
export interface Absence {
  fromMs: number;
  /** Null when it has not come back. */
  toMs: number | null;
}

const stateOf = ({ processes, accepts }: NodeSample): NodeState => {
  if (processes.length === 0) return 'gone';
  return accepts ? 'up' : 'deaf';
};

const isSame = (one: SeenProcess, other: SeenProcess): boolean =>
  one.pid === other.pid && one.startTicks === other.startTicks;

/** What was seen of one node, sample by sample. Pure: it reads no clock. */
export class NodeHistory {
  readonly states: StateSpan[] = [];
  readonly processes: ProcessSpan[] = [];
  /** Looks that found more than one process. */
  readonly doubles: { atMs: number; pids: number[] }[] = [];

  private present: readonly SeenProcess[] = [];

  record(sample: NodeSample): void {
    // Between two looks one process ended and another began: no process was there for less time than can be seen.
    if (this.isReplaced(sample)) this.recordState('gone', sample.atMs);
    this.present = sample.processes;
    this.recordState(stateOf(sample), sample.atMs);
    for (const seen of sample.processes) this.recordProcess(seen, sample.atMs);
    if (sample.processes.length > 1)
      this.doubles.push({ atMs: sample.atMs, pids: sample.processes.map(({ pid }) => pid) });
  }

  /** The state at the last look; null before the first. */
  get state(): NodeState | null {
    return this.states.at(-1)?.state ?? null;
  }

  /** Every absence, in order. A process that ended before its port was open belongs to the absence that it was to end. */
  absences(): Absence[] {
    const found: Absence[] = [];
    let fromMs: number | null = null;
    for (const { state, fromMs: atMs } of this.states) {
      if (state === 'gone') fromMs ??= atMs;
      if (state !== 'up' || fromMs === null) continue;
      found.push({ fromMs, toMs: atMs });
      fromMs = null;
    }
    return fromMs === null ? found : [...found, { fromMs, toMs: null }];
  }

  /** How long no process at all was there between two moments (ms). */
  goneMs(fromMs: number, untilMs: number): number {
    const gone = this.states.filter(({ state }) => state === 'gone');
    return gone.reduce((sum, span) => {
      const end = Math.min(span.toMs ?? untilMs, untilMs);
      return sum + Math.max(0, end - Math.max(span.fromMs, fromMs));
    }, 0);
  }

  private isReplaced({ processes }: NodeSample): boolean {
    const goesOn = processes.some((now) => this.present.some((before) => isSame(before, now)));
    return this.present.length > 0 && processes.length > 0 && !goesOn;
  }

  private recordState(state: NodeState, atMs: number): void {
    const last = this.states.at(-1);
    if (last?.state === state) return;
    if (last !== undefined) last.toMs = atMs;
    this.states.push({ state, fromMs: atMs, toMs: null });
  }

  private recordProcess(seen: SeenProcess, atMs: number): void {
    const known = this.processes.find((span) => isSame(span, seen));
    if (known === undefined)
      this.processes.push({ pid: seen.pid, startTicks: seen.startTicks, firstMs: atMs, lastMs: atMs });
    else known.lastMs = atMs;
  }
}
