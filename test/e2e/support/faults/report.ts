/** What a run with faults comes to, restart by restart. */
import type { Restart } from '../../../../src/lab/faults/restart-watch';
import type { FaultRunResult, StrikeMade } from './fault-run';

/** One restart as it was seen from outside. */
export interface RestartReport {
  host: string;
  /** Null for a restart that was left alone. */
  strike: StrikeMade | null;
  /** From the end of the process to its open port, all absences of this restart together (s); null: it did not come back. */
  awaySeconds: number | null;
  /** From the strike until people were told of trouble (s); null when there was nothing to be told. */
  toldSeconds: number | null;
  /** What they were told first. */
  told: string | null;
}

export interface FaultReport {
  restarts: RestartReport[];
  /** The longest undisturbed restart (s). */
  baseSeconds: number;
  outcome: string;
  message: string;
  retries: number;
  lost: number;
  /** Looks at which two nodes or more were down. */
  downTogether: number;
  /** Looks at which a node had two processes. */
  doubles: number;
  looks: number;
  longestBlinkMs: number;
}

const awaySeconds = ({ observer, restarts }: FaultRunResult, { host, index, steps }: Restart): number | null => {
  const fromMs = steps.get('stop-asked') ?? 0;
  const untilMs = restarts[index + 1]?.steps.get('stop-asked') ?? Infinity;
  const own = observer.nodes
    .get(host.name)
    ?.absences()
    .filter((absence) => absence.fromMs >= fromMs && absence.fromMs < untilMs);
  let sum = 0;
  for (const absence of own ?? []) {
    if (absence.toMs === null) return null;
    sum += absence.toMs - absence.fromMs;
  }
  return sum / 1_000;
};

const restartReport = (result: FaultRunResult, restart: Restart): RestartReport => {
  const strike = result.strikes.find((made) => made.restart === restart) ?? null;
  const nextMs = result.restarts[restart.index + 1]?.steps.get('stop-asked') ?? Infinity;
  const first = strike === null ? null : result.tidings.firstAfter(strike.atMs);
  const tiding = first === null || first.atMs > nextMs ? null : first;
  return {
    host: restart.host.name,
    strike,
    awaySeconds: awaySeconds(result, restart),
    toldSeconds: tiding === null || strike === null ? null : (tiding.atMs - strike.atMs) / 1_000,
    told: tiding?.words ?? null,
  };
};

/** The figures of a run. */
export const faultReport = (result: FaultRunResult): FaultReport => {
  const { observer, look, ledger, retries } = result;
  const restarts = result.restarts.map((restart) => restartReport(result, restart));
  const undisturbed = restarts.flatMap((report) => (report.strike === null ? [report.awaySeconds ?? Infinity] : []));
  return {
    restarts,
    baseSeconds: Math.max(...undisturbed),
    outcome: look.ending?.outcome ?? 'not ended',
    message: look.status.message,
    retries,
    lost: ledger.lost,
    downTogether: observer.downTogether.length,
    doubles: [...observer.nodes.values()].reduce((sum, { doubles }) => sum + doubles.length, 0),
    looks: observer.looks,
    longestBlinkMs: observer.longestBlinkMs,
  };
};
