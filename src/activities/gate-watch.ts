/**
 * The wait of a gate: measure, assess, again, until everything has been successful for the soak. One bad sample restarts the
 * soak. The end of the deadline without success is a verdict, not an error. All attempts share one deadline and one soak.
 */
import type { NodeId } from '../domain/cluster/cluster';
import { verdictOf } from '../domain/health/gate';
import type { GateCheck, GateVerdict } from '../domain/health/gate';
import { activeController } from '../domain/health/measurement';
import type { ClusterMeasurement } from '../domain/health/measurement';
import { afterBad, afterGood, restartWords, soakOf } from '../domain/health/soak';
import type { Soak } from '../domain/health/soak';
import { earlierAttemptsMs, leftBehind, operationContext, report } from './activity-context';
import type { ClusterAccess } from './cluster-access';
import type { AwaitNodeResult } from './contract';
import { measureCluster } from './measure';
import { monotonicMs, nextPoll, pauseAfter } from './poll';

/** A process that died while it is waited for is noticed this often (ms); it costs an SSH command. */
const processPollMs = 5_000;

/** What a gate is about, and what it checks. */
export interface Gate {
  about: NodeId | null;
  soakMs: number;
  /** Checks whose wait is this product's own overhead. */
  check: (measurement: ClusterMeasurement) => Promise<GateCheck[]>;
  /** Checks that may have to wait for others' habits, such as a commit interval; asked once the others are successful. */
  policyCheck: (measurement: ClusterMeasurement) => Promise<GateCheck[]>;
  /** Called now and then while the gate is closed, beside the measurements; throws when waiting has become pointless. */
  whileClosed: (measurement: ClusterMeasurement) => Promise<void>;
  /** What the next attempt needs to know, and what people should, beside the verdict. */
  state: () => { details: Record<string, unknown>; words: string | null };
}

/** One gate, watched until it is over. */
export class GateWatch {
  private readonly began = monotonicMs() - earlierAttemptsMs();
  /** One clock for the whole attempt, which nobody sets: ms since the epoch. */
  private readonly clockOffset = Date.now() - monotonicMs();
  private soak: Soak = soakOf(leftBehind('soak'));
  private policySince: number | null = null;
  private nextLook = monotonicMs() + processPollMs;
  private look: Promise<void> | null = null;
  private lookFailure: { error: unknown } | null = null;

  constructor(
    private readonly access: ClusterAccess,
    private readonly gate: Gate,
  ) {}

  /** Resolves with the verdict; rejects when waiting is pointless, or on cancellation. */
  async wait(): Promise<AwaitNodeResult> {
    const { policy } = this.access.definition;
    for (;;) {
      const lookedAt = monotonicMs();
      const measurement = await measureCluster(this.access, this.gate.about, {
        withMinIsr: false,
        signal: operationContext().signal,
      });
      const verdict = await this.assess(measurement);
      if (this.judge(verdict, policy.healthyDeadlineMs)) return this.result(verdict, measurement);
      // The whole look counts, with the groups: it may cost a large cluster seconds.
      await nextPoll(pauseAfter(monotonicMs() - lookedAt, policy.pollIntervalMs));
    }
  }

  private result(verdict: GateVerdict, measurement: ClusterMeasurement): AwaitNodeResult {
    const policyWaitMs = this.policySince === null ? 0 : Math.round(monotonicMs() - this.policySince);
    const { soakRestarts, soakRestartCount } = this.soak;
    return { verdict, policyWaitMs, controllerId: activeController(measurement), soakRestarts, soakRestartCount };
  }

  private async assess(measurement: ClusterMeasurement): Promise<GateVerdict> {
    const own = await this.gate.check(measurement);
    const verdict = verdictOf(own);
    if (verdict.status !== 'successful') {
      this.policySince = null;
      this.lookWhileClosed(measurement);
      return verdict;
    }
    this.policySince ??= monotonicMs();
    return verdictOf([...own, ...(await this.gate.policyCheck(measurement))]);
  }

  /** A look at a host that drops packets takes seconds; the measurements go on meanwhile. */
  private lookWhileClosed(measurement: ClusterMeasurement): void {
    if (this.lookFailure !== null) throw this.lookFailure.error;
    if (this.look !== null || monotonicMs() <= this.nextLook) return;
    this.look = this.gate
      .whileClosed(measurement)
      .catch((error: unknown) => {
        this.lookFailure = { error };
      })
      .finally(() => {
        this.nextLook = monotonicMs() + processPollMs;
        this.look = null;
      });
  }

  /** True when the gate is over: successful long enough, or out of time. */
  private judge(verdict: GateVerdict, deadlineMs: number): boolean {
    const now = monotonicMs();
    const atMs = Math.round(now + this.clockOffset);
    if (verdict.status !== 'successful') {
      this.soak = afterBad(this.soak, atMs, verdict.message);
      this.tell(verdict, null);
      return now - this.began > deadlineMs + this.gate.soakMs;
    }
    this.soak = afterGood(this.soak, atMs);
    const healthyMs = this.soak.healthyMs ?? 0;
    this.tell(verdict, `healthy for ${Math.floor(healthyMs / 1000)} of ${Math.round(this.gate.soakMs / 1000)} s`);
    return healthyMs >= this.gate.soakMs;
  }

  private tell(verdict: GateVerdict, soaked: string | null): void {
    const { details, words } = this.gate.state();
    const message = soaked === null ? verdict.message : `${soaked}: ${verdict.message}`;
    const parts = [message, restartWords(this.soak), words].filter((part) => part !== null);
    report(parts.join('; '), { verdict, soak: this.soak, ...details });
  }
}
