/**
 * The restart of one node, once: its history is the record of that restart.
 *
 *   1. Gate and stop, in one activity (I1), cancellable until the stop is asked for.
 *   2. Configure: the file first, read back, then the release link (a reboot between the two must never run the new binary
 *      unpinned).
 *   3. Start. When it fails: start again; in phase `binaries` put the old release back and start that (I6).
 *   4. Wait until it is healthy: version and protocol that *run*, every ISR, gauges, consumer groups, soak.
 *
 * From the stop on nothing is cancelled: a stopped broker is always brought back. This workflow never waits for people; it
 * returns its outcome to the upgrade.
 */
import { CancellationScope, isCancellation, patched, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { failureHint } from '../domain/common/failure';
import { nodeDetailsMarkdown } from '../domain/upgrade/node-details';
import { backOn, fromTheGate, restartTiming } from '../domain/upgrade/node-roll';
import type {
  Fence,
  NodeStepName,
  RollNodeInput,
  RollNodeOutcome,
  RollNodeStatus,
  RollResume,
  StopMade,
} from '../domain/upgrade/node-roll';
import { capitalized, nodeWords } from '../domain/cluster/node-words';
import type { Trouble } from '../domain/upgrade/upgrade-state';
import type { StopNodeResult } from '../activities/contract';
import { endings, gates, repairs, restarts } from './activity-options';
import { nodeStatusQuery } from './messages';
import { troubleOf } from './trouble';

type Stopped = Extract<StopNodeResult, { status: 'stopped' }>;
type Parked = Extract<RollNodeOutcome, { status: 'parked' }>;

class NodeRestart {
  private readonly startedAtMs = Date.now();
  private step: NodeStepName = 'stopping';
  private sinceMs = this.startedAtMs;
  private fencesUsed = 0;
  /** What was stopped and is not healthy again; a try that has not stopped anything takes over what an earlier one did. */
  private after: StopMade | undefined;
  private readonly evidence: string[] = [];
  /** This node in a sentence. */
  private readonly who: string;

  constructor(private readonly input: RollNodeInput) {
    this.who = nodeWords(input.step.roles, input.nodeId);
    this.after = input.resume.after;
    setHandler(nodeStatusQuery, () => this.status());
    this.publish();
  }

  private status(): RollNodeStatus {
    const { nodeId, phase } = this.input;
    return { nodeId, phase, step: this.step, sinceMs: this.sinceMs, evidence: this.evidence };
  }

  private publish(): void {
    setCurrentDetails(nodeDetailsMarkdown(this.status()));
  }

  async run(): Promise<RollNodeOutcome> {
    const { resume } = this.input;
    if (resume.at === 'health') {
      const clean = resume.after?.clean ?? true;
      return CancellationScope.nonCancellable(() => this.settleOrRestore({ stopMs: 0, clean }, 0));
    }
    const stop = await this.stop();
    if (stop.status === 'stopped') return CancellationScope.nonCancellable(() => this.bringBack(stop));
    return stop;
  }

  /** A group that has stood still since the first try has not come through it, however often people try again. */
  private get restartedAtMs(): number {
    return this.after?.restartedAtMs ?? this.startedAtMs;
  }

  private enter(step: NodeStepName): void {
    this.step = step;
    this.sinceMs = Date.now();
    this.publish();
  }

  private note(lines: readonly string[]): void {
    this.evidence.push(...lines);
    this.publish();
  }

  /** Each change has its own, higher number: a late duplicate of an earlier one is refused by the host (I5). */
  private fenced(): { cluster: string; definitionSha256: string; fence: Fence; nodeId: number } {
    const { cluster, definitionSha256, fence, nodeId } = this.input;
    return { cluster, definitionSha256, nodeId, fence: { ...fence, step: fence.step + this.fencesUsed++ } };
  }

  private parked(trouble: Omit<Trouble, 'nodeId' | 'phase' | 'hint'>, resume: RollResume = fromTheGate): Parked {
    const { nodeId, phase } = this.input;
    return this.parkedWith({ ...trouble, hint: failureHint(trouble.type), nodeId, phase }, resume);
  }

  private parkedBy(error: unknown, nodeIsDown: boolean): Parked {
    return this.parkedWith(this.troubleBy(error, nodeIsDown), fromTheGate);
  }

  private parkedWith(trouble: Trouble, resume: RollResume): Parked {
    return { status: 'parked', trouble, evidence: this.evidence, resume: this.remembering(resume) };
  }

  private troubleBy(error: unknown, nodeIsDown: boolean): Trouble {
    const { nodeId, phase } = this.input;
    return troubleOf(error, { nodeId, phase, nodeIsDown });
  }

  private remembering(resume: RollResume): RollResume {
    return this.after === undefined ? resume : { ...resume, after: this.after };
  }

  private async stop(): Promise<Stopped | RollNodeOutcome> {
    const { accepted, phase, resume, step, policy } = this.input;
    const stopping = resume.at === 'exit' ? resume.stopping : null;
    const plannedSha256s = [step.edit.fromSha256, step.edit.toSha256];
    try {
      return this.afterStop(
        await restarts(policy).stopNode.executeWithOptions({ summary: `gate, then stop ${this.who}` }, [
          {
            ...this.fenced(),
            roles: step.roles,
            maybeSick: phase === 'rollback',
            accepted,
            stopping,
            plannedSha256s,
            release: step.toVersion,
            logDirectories: step.logDirectories,
          },
        ]),
      );
    } catch (error) {
      return CancellationScope.nonCancellable(() => this.givenUp(error));
    }
  }

  private afterStop(result: StopNodeResult): Stopped | Parked {
    if (result.status === 'blocked') {
      return this.parked({
        type: 'NodeUnhealthy',
        message: `${capitalized(this.who)} was not stopped: ${result.verdict.message}.`,
        nodeIsDown: false,
      });
    }
    this.note(result.evidence);
    if (result.status === 'stopped') {
      this.after = { restartedAtMs: this.restartedAtMs, clean: result.clean };
      return result;
    }
    const message = `${capitalized(this.who)} (pid ${result.process.pid}) is still shutting down after the time limit.`;
    return this.parked({ type: 'StopTimedOut', message, nodeIsDown: true }, { at: 'exit', stopping: result.process });
  }

  /**
   * Gate and stop ended without an answer: people end the upgrade, or no attempt came through. An attempt may have asked for
   * the stop all the same, and then the node has to be brought back.
   */
  private async givenUp(cause: unknown): Promise<Stopped | RollNodeOutcome> {
    const { cluster, definitionSha256, nodeId, policy, step } = this.input;
    const isEnd = isCancellation(cause);
    if (!patched('finish-stop')) return isEnd ? { status: 'cancelled' } : this.parkedBy(cause, false);
    try {
      const { roles, logDirectories } = step;
      const result = await endings(policy).finishStop.executeWithOptions(
        { summary: `was the stop of ${this.who} asked for?` },
        [{ cluster, definitionSha256, nodeId, roles, logDirectories }],
      );
      if (result.status !== 'not-asked') return this.afterStop(result);
      return isEnd ? { status: 'cancelled' } : this.parkedBy(cause, false);
    } catch (error) {
      const parked = this.parkedBy(error, true);
      const message = `It is not known whether ${this.who} was stopped; look at its process. ${parked.trouble.message}`;
      return { ...parked, trouble: { ...parked.trouble, message } };
    }
  }

  private async bringBack(stop: Stopped): Promise<RollNodeOutcome> {
    let startMs: number;
    try {
      this.enter('configuring');
      await this.configure(this.input.step.toVersion, 'file-first');
      this.enter('starting');
      startMs = await this.start();
    } catch (error) {
      return this.restore(error);
    }
    return this.settleOrRestore(stop, startMs);
  }

  private async settleOrRestore(stop: Pick<Stopped, 'stopMs' | 'clean'>, startMs: number): Promise<RollNodeOutcome> {
    try {
      return await this.settle(stop, startMs);
    } catch (error) {
      // A broker that died after its start is as down as one that never came up.
      const parked = this.parkedBy(error, false);
      return parked.trouble.type === 'StartFailed' ? this.restore(error) : parked;
    }
  }

  private async configure(version: string, order: 'file-first' | 'link-first'): Promise<void> {
    const { step } = this.input;
    const result = await repairs.configureNode.executeWithOptions(
      { summary: `${this.who}: server.properties and release ${version}` },
      [{ ...this.fenced(), edit: step.edit, version, order }],
    );
    this.note(result.evidence);
  }

  private async startOnce(): Promise<number> {
    const { policy } = this.input;
    const result = await restarts(policy).startNode.executeWithOptions({ summary: `start ${this.who}` }, [
      this.fenced(),
    ]);
    this.note(result.evidence);
    return result.startMs;
  }

  private async start(): Promise<number> {
    try {
      return await this.startOnce();
    } catch (error) {
      const { type, message } = this.troubleBy(error, true);
      if (type === 'StartTimedOut') throw error;
      this.note([`first start failed: ${message}`]);
      return this.startOnce();
    }
  }

  /** The new binary does not start: in phase `binaries` the old one is put back; then people decide. */
  private async restore(cause: unknown): Promise<RollNodeOutcome> {
    const { step, phase, nodeId } = this.input;
    const parked = this.parkedBy(cause, true);
    // Nothing is changed under a process that runs.
    if (parked.trouble.type === 'StartTimedOut') return parked;
    if (phase !== 'binaries' || step.fromVersion === step.toVersion) return parked;
    this.enter('restoring');
    try {
      await this.configure(step.fromVersion, 'link-first');
      await this.startOnce();
      const back = await this.awaitHealthy(step.fromVersion);
      const state = backOn(nodeId, step.fromVersion, back.verdict);
      // Healthy again: what comes next is another restart.
      if (back.verdict.status === 'successful') this.after = undefined;
      return {
        ...parked,
        resume: this.remembering(fromTheGate),
        trouble: { ...parked.trouble, nodeIsDown: false, message: `${parked.trouble.message} ${state}` },
      };
    } catch (error) {
      const second = this.troubleBy(error, true);
      return {
        ...parked,
        trouble: {
          ...parked.trouble,
          message: `${parked.trouble.message} The old release did not start either: ${second.message}`,
        },
      };
    }
  }

  private awaitHealthy(version: string): ReturnType<ReturnType<typeof gates>['awaitNodeHealthy']> {
    const { cluster, definitionSha256, nodeId, step, policy } = this.input;
    this.enter('catching-up');
    return gates(policy).awaitNodeHealthy.executeWithOptions({ summary: `${this.who}: in sync, healthy, soak` }, [
      {
        cluster,
        definitionSha256,
        policy,
        nodeId,
        version,
        protocol: step.protocol,
        restartedAtMs: this.restartedAtMs,
      },
    ]);
  }

  private async settle(stop: Pick<Stopped, 'stopMs' | 'clean'>, startMs: number): Promise<RollNodeOutcome> {
    const { step } = this.input;
    const { verdict, policyWaitMs, controllerId } = await this.awaitHealthy(step.toVersion);
    this.note([verdict.message]);
    if (verdict.status !== 'successful') {
      const message = `${capitalized(this.who)} did not become healthy: ${verdict.message}.`;
      return this.parked({ type: 'NodeUnhealthy', message, nodeIsDown: false }, { at: 'health' });
    }
    this.enter('settled');
    const timing = restartTiming({
      totalMs: Date.now() - this.startedAtMs,
      stopMs: stop.stopMs,
      startMs,
      policyWaitMs,
    });
    return { status: 'rolled', timing, evidence: this.evidence, controllerId, uncleanStop: !stop.clean };
  }
}

/** Restarts one node for one phase and returns how it ended; never throws for what an operator can repair. */
export async function rollNode(input: RollNodeInput): Promise<RollNodeOutcome> {
  return new NodeRestart(input).run();
}
