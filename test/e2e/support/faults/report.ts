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
  /**
   * How long of that no process was there at all (s): what the product takes. The rest is a JVM that boots, which on a busy
   * machine takes many times what it takes on an idle one.
   */
  goneSeconds: number;
  /** From the strike until people were told of trouble (s); null when there was nothing to be told. */
  toldSeconds: number | null;
  /** What they were told first. */
  told: string | null;
}

export interface FaultReport {
  restarts: RestartReport[];
  /** The longest of the restarts that were left alone (s). */
  base: { awaySeconds: number; goneSeconds: number };
  outcome: string;
  message: string;
  retries: number;
  lost: number;
  /** Workflows that no other worker could take over. */
  notReplayed: readonly string[];
  /** Looks at which two nodes or more were down. */
  downTogether: number;
  /** Looks at which a node had two processes. */
  doubles: number;
  looks: number;
  flickers: readonly string[];
  longestBlinkMs: number;
}

type Away = Pick<RestartReport, 'awaySeconds' | 'goneSeconds'>;

/** What was seen of a node from the stop of this restart to that of the next. */
const away = ({ observer, restarts }: FaultRunResult, { host, index, steps }: Restart): Away => {
  const fromMs = steps.get('stop-asked') ?? 0;
  const untilMs = restarts[index + 1]?.steps.get('stop-asked') ?? performance.now();
  const node = observer.nodes.get(host.name);
  const own = (node?.absences() ?? []).filter((absence) => absence.fromMs >= fromMs && absence.fromMs < untilMs);
  const lengths = own.flatMap((absence) => (absence.toMs === null ? [] : [absence.toMs - absence.fromMs]));
  const isBack = lengths.length === own.length;
  return {
    awaySeconds: isBack ? lengths.reduce((sum, length) => sum + length, 0) / 1_000 : null,
    goneSeconds: (node?.goneMs(fromMs, untilMs) ?? 0) / 1_000,
  };
};

const restartReport = (result: FaultRunResult, restart: Restart): RestartReport => {
  const strike = result.strikes.find((made) => made.restart === restart) ?? null;
  const nextMs = result.restarts[restart.index + 1]?.steps.get('stop-asked') ?? Infinity;
  const first = strike === null ? null : result.tidings.firstAfter(strike.atMs);
  const tiding = first === null || first.atMs > nextMs ? null : first;
  return {
    host: restart.host.name,
    strike,
    ...away(result, restart),
    toldSeconds: tiding === null || strike === null ? null : (tiding.atMs - strike.atMs) / 1_000,
    told: tiding?.words ?? null,
  };
};

/** The figures of a run. */
export const faultReport = (result: FaultRunResult): FaultReport => {
  const { observer, look, ledger, replayed, retries } = result;
  const restarts = result.restarts.map((restart) => restartReport(result, restart));
  const undisturbed = restarts.filter(({ strike }) => strike === null);
  return {
    restarts,
    base: {
      awaySeconds: Math.max(...undisturbed.map((restart) => restart.awaySeconds ?? Infinity)),
      goneSeconds: Math.max(...undisturbed.map(({ goneSeconds }) => goneSeconds)),
    },
    outcome: look.ending?.outcome ?? 'not ended',
    message: look.status.message,
    retries,
    lost: ledger.lost,
    notReplayed: replayed.count > restarts.length ? replayed.failed : [`only ${replayed.count} workflows were found`],
    downTogether: observer.downTogether.length,
    doubles: [...observer.nodes.values()].reduce((sum, { doubles }) => sum + doubles.length, 0),
    looks: observer.looks,
    flickers: observer.flickers,
    longestBlinkMs: observer.longestBlinkMs,
  };
};
