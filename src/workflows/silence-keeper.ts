/**
 * Keeps the alerts of the cluster silent while nodes are touched, beside the upgrade: nothing waits for it, and an
 * Alertmanager that does not answer is a warning. While the upgrade waits for people at a gate the silence is left to lapse;
 * once something is parked it ends at once, as every alert is news then.
 */
import { CancellationScope, condition, workflowInfo } from '@temporalio/workflow';
import { isTouchingNodes, silenceRenewalMs } from '../domain/notices/alert-silence';
import type { UpgradeEventBody, UpgradeState } from '../domain/upgrade/upgrade-state';
import { silences } from './activity-options';
import { troubleOf, wholeCluster } from './trouble';

type Emit = (event: UpgradeEventBody) => void;

/** What the next run of the workflow has to know. */
export interface SilenceMemory {
  /** Made at least once: there may be one to end. */
  made: boolean;
  /** It does not work, and people were told. */
  failing: boolean;
}

export class SilenceKeeper {
  private wanted = false;
  private keeping = false;
  /** An activity is under way. */
  private asking = false;
  private made: boolean;
  private failing: boolean;
  /** Something parked, and the silence was ended for it. */
  private broken = false;
  private over = false;

  constructor(
    private readonly emit: Emit,
    { made, failing }: SilenceMemory = { made: false, failing: false },
  ) {
    this.made = made;
    this.failing = failing;
  }

  /** Waits for what is under way; the next run of the workflow keeps the silence. */
  async handOver(): Promise<SilenceMemory> {
    await condition(() => !this.asking);
    return { made: this.made, failing: this.failing };
  }

  /** Follows the state of the upgrade. */
  follow(state: UpgradeState): void {
    if (state.plan?.silencesAlerts !== true || this.over) return;
    this.wanted = isTouchingNodes(state);
    if (state.parked !== null && this.made && !this.broken) {
      this.broken = true;
      void CancellationScope.nonCancellable(() => this.lift(state.cluster));
    }
    if (!this.wanted || this.keeping) return;
    this.keeping = true;
    void CancellationScope.nonCancellable(() => this.keep(state.cluster));
  }

  /** Ends the silence with the upgrade, whatever way that ended. */
  async finish(cluster: string): Promise<void> {
    this.over = true;
    this.wanted = false;
    if (this.made) await this.lift(cluster);
  }

  private async lift(cluster: string): Promise<void> {
    await this.ask('end the silence of alerts', () =>
      silences.liftSilence.executeWithOptions({ summary: 'end the silence of alerts' }, [this.owner(cluster)]),
    );
  }

  /** At most one activity in each renewal time, however often the upgrade waits and goes on in between. */
  private async keep(cluster: string): Promise<void> {
    while (this.wanted) {
      this.made = true;
      this.broken = false;
      await this.ask('silence alerts', () =>
        silences.silenceAlerts.executeWithOptions({ summary: 'silence alerts' }, [this.owner(cluster)]),
      );
      if (!this.over) await condition(() => this.broken, silenceRenewalMs);
    }
    this.keeping = false;
  }

  private owner(cluster: string): { cluster: string; runId: string } {
    return { cluster, runId: workflowInfo().firstExecutionRunId };
  }

  /** Never rejects; says once that it does not work, and once that it works again. */
  private async ask(what: string, work: () => Promise<{ evidence: string[] }>): Promise<void> {
    // One that is being made now would outlive its end.
    await condition(() => !this.asking);
    this.asking = true;
    try {
      const { evidence } = await work();
      if (!this.failing) return;
      this.failing = false;
      this.emit({ type: 'evidence', title: 'silence of alerts, again', lines: evidence });
    } catch (error) {
      if (this.failing) return;
      this.failing = true;
      const why = troubleOf(error, wholeCluster).message;
      this.emit({ type: 'warning', message: `Could not ${what}; the upgrade goes on without. ${why}` });
    } finally {
      this.asking = false;
    }
  }
}
