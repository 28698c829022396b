/**
 * The restart of one node, once: its history is the record of that restart.
 *
 *   1. `restartNode`: gate (I1), stop, release and file, start, until it listens again. One activity, which people can cancel
 *      until the stop is asked for; from then on it waits for nobody, and brings the node back (I6).
 *   2. `awaitNodeHealthy`: version and protocol that *run*, every ISR, gauges, consumer groups, soak. No node is down any
 *      more, so people can end this at any time.
 *
 * This workflow never waits for people; it returns its outcome to the upgrade.
 */
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { AwaitNodeResult, RestartNodeInput, RestartNodeResult, StopFigures } from '../activities/contract';
import { capitalized, nodeWords } from '../domain/cluster/node-words';
import { failureHint } from '../domain/common/failure';
import { acceptableOf } from '../domain/health/gate';
import { acceptedGroups } from '../domain/lag/accepted-groups';
import { restartLines } from '../domain/health/soak';
import { restartId } from '../domain/restart/restart-record';
import type { RestartCause } from '../domain/restart/restart-record';
import { nodeDetailsMarkdown } from '../domain/upgrade/node-details';
import { backOn, fromTheGate, restartTiming } from '../domain/upgrade/node-roll';
import type {
  NodeStepName,
  RollNodeInput,
  RollNodeOutcome,
  RollNodeStatus,
  RollResume,
  StopMade,
} from '../domain/upgrade/node-roll';
import type { Trouble } from '../domain/upgrade/upgrade-state';
import { gates, restarts } from './activity-options';
import { nodeStatusQuery } from './messages';
import { troubleOf } from './trouble';

type Listening = Extract<RestartNodeResult, { status: 'listening' }>;
type Parked = Extract<RollNodeOutcome, { status: 'parked' }>;

/** Did the activity itself end it, for a reason that another attempt would not cure? */
const isRefusal = (error: unknown): boolean =>
  error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.nonRetryable === true;

const hasDied = ({ trouble }: Parked): boolean => trouble.type === 'StartFailed';

const goneBefore: StopFigures = { stopMs: 0, clean: true };

class NodeRoll {
  private readonly startedAtMs = Date.now();
  private step: NodeStepName = 'restarting';
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
    const { nodeId, phase, downgrade } = this.input;
    const way = downgrade === true ? { downgrade } : {};
    return { nodeId, phase, ...way, step: this.step, sinceMs: this.sinceMs, evidence: this.evidence };
  }

  private publish(): void {
    setCurrentDetails(nodeDetailsMarkdown(this.status()));
  }

  async run(): Promise<RollNodeOutcome> {
    const { resume } = this.input;
    return resume.at === 'health' ? this.settle({ stop: null, startMs: 0 }) : this.restartAndSettle();
  }

  /**
   * A broker that dies after its start comes here again: it is as down as one that never came up, and the host's record says
   * how often it was started.
   */
  private async restartAndSettle(isDown = false): Promise<RollNodeOutcome> {
    let result: RestartNodeResult;
    try {
      result = await this.restart(false);
    } catch (error) {
      // A refusal is an answer: the node is as it was.
      return isRefusal(error) ? this.parkedBy(error, isDown) : this.finish(error);
    }
    return this.afterRestart(result, null);
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
    if (lines.length === 0) return;
    this.evidence.push(...lines);
    this.publish();
  }

  /** Each call has its own, higher number: a late attempt of an earlier one is refused by the host (I5). */
  private restartInput(finishing: boolean): RestartNodeInput {
    const { cluster, definitionSha256, fence, nodeId, accepted, phase, policy, step } = this.input;
    const { fromVersion, toVersion, ...planned } = step;
    return {
      cluster,
      definitionSha256,
      fence: { ...fence, step: fence.step + this.fencesUsed++ },
      restart: restartId(fence),
      nodeId,
      finishing,
      accepted,
      maybeSick: phase === 'rollback',
      mayPutBack: phase === 'binaries' && fromVersion !== toVersion,
      roles: planned.roles,
      logDirectories: planned.logDirectories,
      edit: planned.edit,
      fromVersion,
      toVersion,
      policy,
    };
  }

  private restart(finishing: boolean): Promise<RestartNodeResult> {
    const summary = finishing
      ? `was the stop of ${this.who} asked for? then bring it back`
      : `gate, then restart ${this.who} with release ${this.input.step.toVersion}`;
    return restarts(this.input.policy).restartNode.executeWithOptions({ summary }, [this.restartInput(finishing)]);
  }

  /**
   * The restart ended without an answer: people end the upgrade, or no attempt came through. An attempt may have asked for
   * the stop all the same, and then the node is brought back.
   */
  private async finish(cause: unknown): Promise<RollNodeOutcome> {
    let result: RestartNodeResult;
    try {
      result = await CancellationScope.nonCancellable(() => this.restart(true));
    } catch (error) {
      const parked = this.parkedBy(error, true);
      const message = `It is not known whether ${this.who} was stopped; look at its process. ${parked.trouble.message}`;
      return { ...parked, trouble: { ...parked.trouble, message } };
    }
    return this.afterRestart(result, cause);
  }

  /** `cause` is why an earlier call did not answer; null without one. */
  private async afterRestart(result: RestartNodeResult, cause: unknown): Promise<RollNodeOutcome> {
    this.note(result.evidence);
    switch (result.status) {
      case 'not-asked':
        return isCancellation(cause) ? { status: 'cancelled' } : this.parkedBy(cause, false);
      case 'blocked':
        return this.parked({
          type: result.type,
          message: `${capitalized(this.who)} was not stopped: ${result.message}.`,
          nodeIsDown: false,
          acceptable: result.acceptable,
        });
      case 'failed':
        this.remember(result.stop);
        return this.parked({ ...result.cause, nodeIsDown: result.nodeIsDown });
      case 'listening':
        this.remember(result.stop);
        if (result.putBack !== null) return this.settleOldRelease(result.putBack);
        if (isCancellation(cause)) return this.left(this.input.step.toVersion);
        return this.settle(result);
    }
  }

  private remember(stop: StopFigures | null): void {
    if (stop !== null) this.after = { restartedAtMs: this.restartedAtMs, clean: stop.clean };
  }

  /** Parked by what the host has shown: it is known whether the node runs. */
  private parked(trouble: Omit<Trouble, 'nodeId' | 'phase' | 'hint'>, resume: RollResume = fromTheGate): Parked {
    const { nodeId, phase } = this.input;
    const told = { ...trouble, hint: failureHint(trouble.type), nodeId, phase };
    return { ...this.parkedWith(told, resume), isUp: !trouble.nodeIsDown };
  }

  private parkedBy(error: unknown, nodeIsDown: boolean): Parked {
    const { nodeId, phase } = this.input;
    return this.parkedWith(troubleOf(error, { nodeId, phase, nodeIsDown }), fromTheGate);
  }

  private parkedWith(trouble: Trouble, resume: RollResume): Parked {
    return { status: 'parked', trouble, isUp: false, evidence: this.evidence, resume: this.remembering(resume) };
  }

  private remembering(resume: RollResume): RollResume {
    return this.after === undefined ? resume : { ...resume, after: this.after };
  }

  /** It runs; people ended the upgrade before it was healthy. */
  private left(version: string): RollNodeOutcome {
    return { status: 'left', version, evidence: this.evidence };
  }

  private awaitHealthy(version: string, protocol: string | null): Promise<AwaitNodeResult> {
    const { cluster, definitionSha256, nodeId, policy, accepted } = this.input;
    this.enter('catching-up');
    return gates(policy).awaitNodeHealthy.executeWithOptions({ summary: `${this.who}: in sync, healthy, soak` }, [
      {
        ...{ cluster, definitionSha256, policy, nodeId, version, protocol },
        restartedAtMs: this.restartedAtMs,
        acceptedGroups: acceptedGroups(accepted),
      },
    ]);
  }

  /** The node was put back on what it ran before; it is to be healthy there before people decide. */
  private async settleOldRelease({ type, message }: RestartCause): Promise<RollNodeOutcome> {
    const { step, phase, nodeId } = this.input;
    const parkedWith = (state: string): Parked =>
      this.parked({ type, message: `${message} ${state}`, nodeIsDown: false });
    try {
      const protocol = phase === 'binaries' ? step.protocol : null;
      const { verdict } = await this.awaitHealthy(step.fromVersion, protocol);
      // Healthy again: what comes next is another restart.
      if (verdict.status === 'successful') this.after = undefined;
      return parkedWith(backOn(nodeId, step.fromVersion, verdict));
    } catch (error) {
      if (isCancellation(error)) return this.left(step.fromVersion);
      const after = this.parkedBy(error, false);
      const told = parkedWith(
        `The old release ${step.fromVersion} was put back and did listen; then: ${after.trouble.message}`,
      );
      return hasDied(after) ? { ...told, isUp: false, trouble: { ...told.trouble, nodeIsDown: true } } : told;
    }
  }

  private async settle({ stop, startMs }: Pick<Listening, 'stop' | 'startMs'>): Promise<RollNodeOutcome> {
    const { step } = this.input;
    let health: AwaitNodeResult;
    try {
      health = await this.awaitHealthy(step.toVersion, step.protocol);
    } catch (error) {
      if (isCancellation(error)) return this.left(step.toVersion);
      const parked = this.parkedBy(error, false);
      if (!hasDied(parked)) return parked;
      this.note([parked.trouble.message]);
      return this.restartAndSettle(true);
    }
    const { verdict, policyWaitMs, controllerId, ...soak } = health;
    this.note([...restartLines(soak), verdict.message]);
    if (verdict.status !== 'successful') {
      const message = `${capitalized(this.who)} did not become healthy: ${verdict.message}.`;
      const acceptable = acceptableOf(verdict);
      return this.parked({ type: 'NodeUnhealthy', message, nodeIsDown: false, acceptable }, { at: 'health' });
    }
    this.enter('settled');
    const { stopMs, clean } = stop ?? { ...goneBefore, clean: this.after?.clean ?? true };
    const timing = restartTiming({ totalMs: Date.now() - this.startedAtMs, stopMs, startMs, policyWaitMs });
    return { status: 'rolled', timing, evidence: this.evidence, controllerId, uncleanStop: !clean };
  }
}

/** Restarts one node for one phase and returns how it ended; never throws for what an operator can repair. */
export async function rollNode(input: RollNodeInput): Promise<RollNodeOutcome> {
  return new NodeRoll(input).run();
}
