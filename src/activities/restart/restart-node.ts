/**
 * The restart of one node, in one activity: gate, stop, release and file, start, until it listens.
 *
 * From the moment in which the stop is asked for until the node listens again (on the new release, or put back on the old
 * one) it waits for nobody: not for Temporal, not for another worker, not for a person. Its heartbeats tell what it does;
 * losing them changes nothing, and neither does a cancellation. It goes from move to move, each decided by what the host
 * shows (domain/restart/next-move), so that a retry, on whatever worker, goes on from there (I4).
 */
import { acceptableOf } from '../../domain/health/gate';
import { setTimeout as pause } from 'node:timers/promises';
import type { BrokerProcess } from '../../domain/cluster/cluster';
import { capitalized, nodeWords } from '../../domain/cluster/node-words';
import { isPermanent, UpgradeError } from '../../domain/common/failure';
import { forbiddenByLevels } from '../../domain/health/assess-levels';
import { nextRung } from '../../domain/restart/ladder';
import { nextMove } from '../../domain/restart/next-move';
import type { RestartMove } from '../../domain/restart/next-move';
import { hasBegun, restartCause } from '../../domain/restart/restart-record';
import type { LaunchAim, RestartCause, RestartRecord } from '../../domain/restart/restart-record';
import type { BringUp, BroughtUp, RestartState } from '../../hosts/broker-host';
import { attempt, report, steadyContext } from '../activity-context';
import type { ActivityDependencies, ClusterAccess } from '../cluster-access';
import { editedText } from '../configuration';
import { ContactWatch, contactLimitMs } from '../contact-watch';
import type { RestartEnd, RestartNodeInput, RestartNodeResult, StopFigures } from '../contract';
import { leaseOf, openForRestart } from '../open-cluster';
import { monotonicMs, nextPoll } from '../poll';
import { awaitSessionEnd, runsForMs, startFailure, StartWait } from './await-listening';
import type { Started } from './await-listening';
import { gateAndAsk, measureGate, rehearse } from './stop-gate';
import { stopFigures, stopWords } from './stop-words';

type Move = RestartMove | { kind: 'look' };
type Step = Move | { kind: 'end'; result: RestartNodeResult };

const look: Move = { kind: 'look' };

/** A host that does not answer, or a start command that works, is asked again after this (ms). */
const pauseMs = 500;

/** How often something else may start the node in between before people have to hear of it. */
const maxInterferences = 3;

interface RestartTools {
  /** Throws when this worker's definition is not the plan's: then only a node that is down is touched. */
  requirePlanned: () => void;
  sha256: (text: string) => string;
}

class NodeRestart {
  private readonly who: string;
  private readonly evidence: string[] = [];
  private readonly contact = new ContactWatch(contactLimitMs);
  /** A look that is answered says nothing of a start, or of a wait, that does not come through: each has its own patience. */
  private readonly launches = new ContactWatch(contactLimitMs);
  private readonly exits = new ContactWatch(contactLimitMs);
  private state: RestartState | null = null;
  private file: { text: string; sha256: string } | null = null;
  /** The stop was asked for, by this attempt or one before it: the node is down, or goes down. */
  private isCommitted: boolean;
  private askedHere = false;
  private stop: StopFigures | null = null;
  /** Why the start before did not succeed. */
  private cause: RestartCause | null = null;
  private isPermanent = false;
  private interferences = 0;
  private started: Started | null = null;
  private startWait: StartWait | null = null;
  private commandSinceMs: number | null = null;

  constructor(
    private readonly access: ClusterAccess,
    private readonly input: RestartNodeInput,
    private readonly tools: RestartTools,
  ) {
    this.who = nodeWords(input.roles, input.nodeId);
    // What an earlier attempt did is only known when the host has answered.
    this.isCommitted = input.finishing || attempt() > 1;
  }

  async run(): Promise<RestartNodeResult> {
    for (let move: Move = look; ;) {
      const step = await this.attempt(move);
      if (step.kind === 'end') return step.result;
      move = step;
    }
  }

  private async attempt(move: Move): Promise<Step> {
    const own: Partial<Record<Move['kind'], ContactWatch>> = { 'bring-up': this.launches, 'await-exit': this.exits };
    const watch = own[move.kind] ?? this.contact;
    // What comes next is there because the move before got on, however it was told.
    if (move.kind !== 'look') for (const other of Object.values(own)) if (other !== watch) other.heard();
    const options = { what: `the restart of ${this.who}`, isDown: () => this.isCommitted };
    try {
      return (await watch.steadily(() => this.make(move), options)) ?? (await this.lookAgain(watch));
    } catch (error) {
      // A node that is up is left so, and the error told. One that is down, or may be, is the result of this step.
      if (!this.isCommitted) throw error;
      return this.failed(restartCause(error), true);
    }
  }

  private async lookAgain(watch: ContactWatch): Promise<Move> {
    const where = this.access.host(this.input.nodeId).address;
    report(`${this.who} (${where}): ${watch.words() ?? 'trying again'}`);
    // Until something was asked for, people can end this.
    await (this.isCommitted ? pause(pauseMs) : nextPoll(pauseMs));
    return look;
  }

  private make(move: Move): Promise<Step> {
    switch (move.kind) {
      case 'look':
        return this.look();
      case 'gate':
        return this.passGate(move.process);
      case 'await-exit':
        return this.awaitExit(move.process);
      case 'bring-up':
        return this.bringUp();
      case 'await-start':
        return this.awaitStart();
      case 'await-listening':
        return this.awaitListening(move.process, move.aim);
    }
  }

  private end(end: RestartEnd): Step {
    return { kind: 'end', result: { ...end, evidence: this.evidence } };
  }

  private failed(cause: RestartCause, nodeIsDown: boolean): Step {
    return this.end({ status: 'failed', cause, nodeIsDown, stop: this.stop });
  }

  /** What this very restart has done by now, as the host knows it. */
  private get ownRecord(): RestartRecord | null {
    const record = this.state?.record ?? null;
    return record?.id === this.input.restart ? record : null;
  }

  private async look(): Promise<Step> {
    const { restart, toVersion, edit, finishing, nodeId } = this.input;
    const state = await this.access.host(nodeId).lookAtRestart(steadyContext());
    this.state = state;
    const record = this.ownRecord;
    if (finishing && !hasBegun(record)) return this.end({ status: 'not-asked' });
    if (record?.exited) this.stop ??= { stopMs: record.exited.stopMs ?? 0, clean: record.exited.clean };
    this.cause ??= record?.cause ?? null;
    const move = nextMove(state, { id: restart, version: toVersion, sha256: edit.toSha256 });
    this.isCommitted = move.kind !== 'gate';
    return finishing && move.kind === 'gate' ? this.end({ status: 'not-asked' }) : move;
  }

  private async passGate(process: BrokerProcess): Promise<Step> {
    this.tools.requirePlanned();
    this.file = await rehearse(this.access, this.input);
    const outcome = await gateAndAsk(this.access, this.input, process);
    if (outcome.status === 'another-process') return look;
    if (outcome.status === 'unanswered') {
      // Only the host knows by now.
      this.isCommitted = true;
      return look;
    }
    if (outcome.status === 'blocked') {
      const { verdict } = outcome;
      const type = forbiddenByLevels(verdict) ? 'LevelsForbid' : 'NodeUnhealthy';
      return this.end({ status: 'blocked', type, message: verdict.message, acceptable: acceptableOf(verdict) });
    }
    [this.isCommitted, this.askedHere] = [true, true];
    return { kind: 'await-exit', process };
  }

  /**
   * The stop of an earlier attempt or try may have come to nothing: a node that is as healthy as the gate wants it to be is
   * measured and asked anew. Not where people wait for the end: one that was asked a moment ago may still look healthy.
   */
  private async isAskedInVain(): Promise<boolean> {
    if (this.askedHere || this.input.finishing) return false;
    return (await measureGate(this.access, this.input, steadyContext())).status === 'successful';
  }

  private async awaitExit(process: BrokerProcess): Promise<Step> {
    const { input, access, who } = this;
    if (await this.isAskedInVain()) {
      this.isCommitted = false;
      return { kind: 'gate', process };
    }
    report(`${who} is shutting down`, { step: 'stopping' });
    const host = access.host(input.nodeId);
    const wait = { process, timeoutMs: input.policy.stopTimeoutMs, logDirectories: input.logDirectories };
    const trace = await host.awaitStop(wait, {
      onProgress: (message) => {
        this.exits.heard();
        report(`${who} is shutting down: ${message}`, { step: 'stopping' });
      },
    });
    if (!trace.gone) {
      this.evidence.push(trace.logTail);
      const message = `${capitalized(who)} (pid ${process.pid}) is still shutting down after the time limit.`;
      return this.failed({ type: 'StopTimedOut', message }, true);
    }
    this.noteStop(stopFigures(input, trace), stopWords(input, trace));
    return { kind: 'bring-up' };
  }

  private noteStop(stop: StopFigures, words: string): void {
    this.stop = stop;
    this.evidence.push(words);
    this.access.gauges.reset(this.input.nodeId);
    // Whatever it answers: nothing is to be asked over a connection to the process that is gone.
    void this.access.kafka.forget(this.input.nodeId).catch(() => undefined);
  }

  /** A node that was found down has left its traces, too. */
  private async readTraces(): Promise<void> {
    if (this.stop !== null) return;
    const { nodeId, logDirectories, policy } = this.input;
    const wait = { process: null, timeoutMs: policy.stopTimeoutMs, logDirectories };
    const trace = await this.access.host(nodeId).awaitStop(wait, steadyContext());
    this.noteStop(stopFigures(this.input, trace), stopWords(this.input, trace));
  }

  private async bringUp(): Promise<Step> {
    await this.readTraces();
    this.noteFailedStart();
    const { edit, fromVersion, mayPutBack } = this.input;
    const unchanged = this.state?.version === fromVersion && this.state.sha256 === edit.fromSha256;
    const rung = nextRung(this.ownRecord, { permanent: this.isPermanent, rules: { mayPutBack, unchanged } });
    if (rung === 'give-up') return this.failed(this.cause ?? (await this.lastStartFailure()), true);
    await awaitSessionEnd(this.access, this.input);
    return rung === 'back' ? this.putBack() : this.launch('planned');
  }

  /** A start of this restart has brought up nothing, or what it brought up is gone. */
  private noteFailedStart(): void {
    const failure = this.state?.startFailure ?? null;
    if (failure === null || (this.ownRecord?.launches ?? []).length === 0) return;
    this.cause ??= { type: 'StartFailed', message: `${capitalized(this.who)} did not start: ${failure}` };
  }

  private lastStartFailure(): Promise<RestartCause> {
    return startFailure(this.access, this.input.nodeId, { seen: 'its process is gone' });
  }

  private async putBack(): Promise<Step> {
    this.cause ??= await this.lastStartFailure();
    const first = this.cause;
    const step = await this.launch('back');
    if (step.kind !== 'look' || this.cause === first) return step;
    const message = `${first.message} The old release did not start either: ${this.cause.message}`;
    return this.failed({ ...first, message }, true);
  }

  private async launch(aim: LaunchAim): Promise<Step> {
    const { nodeId, fence } = this.input;
    report(aim === 'planned' ? `starting ${this.who}` : `putting ${this.who} back on ${this.input.fromVersion}`, {
      step: aim === 'planned' ? 'starting' : 'restoring',
    });
    try {
      const input = await this.bringUpInput(aim);
      return this.afterLaunch(aim, await this.access.host(nodeId).bringUp(leaseOf(fence), input, steadyContext()));
    } catch (error) {
      return this.afterRefusal(error);
    }
  }

  private async bringUpInput(aim: LaunchAim): Promise<BringUp> {
    const { restart, edit, fromVersion, toVersion } = this.input;
    const record = this.ownRecord;
    return {
      restart,
      aim,
      version: aim === 'planned' ? toVersion : fromVersion,
      exited: record?.exited ? null : this.stop,
      cause: aim === 'planned' || record?.cause ? null : this.cause,
      plannedSha256s: [edit.fromSha256, edit.toSha256],
      properties: aim === 'planned' ? await this.plannedProperties() : null,
    };
  }

  /** The edited file; null when it is as planned already. */
  private async plannedProperties(): Promise<BringUp['properties']> {
    const { nodeId, edit } = this.input;
    this.file ??= await this.access.host(nodeId).readProperties(steadyContext());
    if (this.file.sha256 === edit.toSha256) return null;
    const text = editedText(this.file, edit, { where: this.access.host(nodeId).address, sha256: this.tools.sha256 });
    return { text, expectedSha256: edit.fromSha256 };
  }

  private afterLaunch(aim: LaunchAim, { process, evidence, runsForMs }: BroughtUp): Step {
    this.evidence.push(evidence);
    if (process === null) {
      this.commandSinceMs = monotonicMs();
      return { kind: 'await-start' };
    }
    this.started = { process, runsForMs, seenAtMs: monotonicMs() };
    return { kind: 'await-listening', process, aim };
  }

  /** Nothing was started. What another try cannot cure is not tried again while the node is down. */
  private afterRefusal(error: unknown): Step {
    if (!(error instanceof UpgradeError)) throw error;
    const cause = restartCause(error);
    if (error.type === 'StartedElsewhere') return this.afterInterference(cause);
    if (error.type !== 'StartFailed' && !isPermanent(error.type)) throw error;
    this.isPermanent ||= isPermanent(error.type);
    this.noteStartEnd(cause);
    return look;
  }

  private noteStartEnd(cause: RestartCause): void {
    this.evidence.push(`a start failed: ${cause.message}`);
    this.cause = cause;
  }

  /** A person, or a service manager, was faster: that process is measured and stopped like any other. */
  private afterInterference(cause: RestartCause): Step {
    this.interferences += 1;
    this.evidence.push(`back to the gate: ${cause.message}`);
    [this.stop, this.askedHere] = [null, false];
    return this.interferences < maxInterferences ? look : this.failed(cause, false);
  }

  private async awaitStart(): Promise<Step> {
    const { policy, nodeId } = this.input;
    this.commandSinceMs ??= monotonicMs();
    const waitedMs = monotonicMs() - this.commandSinceMs;
    if (waitedMs > policy.startTimeoutMs) {
      const seen = `its start command still works after ${Math.round(waitedMs / 1000)} s and has brought up no process; it is not given again, so end it by hand before \`retry\``;
      return this.failed(await startFailure(this.access, nodeId, { seen, type: 'StartTimedOut' }), true);
    }
    report(`the start command of ${this.who} still works, ${Math.round(waitedMs / 1000)} s`, { step: 'starting' });
    await pause(pauseMs);
    return look;
  }

  private async awaitListening(process: BrokerProcess, aim: LaunchAim): Promise<Step> {
    const { access, input } = this;
    if (this.startWait?.process.pid !== process.pid) {
      this.startWait = new StartWait(access, input, process);
      access.gauges.open(input.nodeId);
    }
    const end = await this.startWait.wait();
    if (end.status === 'listening') {
      const startMs = runsForMs(this.started, process);
      const putBack = aim === 'back' ? (this.cause ?? (await this.lastStartFailure())) : null;
      return this.end({ status: 'listening', stop: this.stop, startMs, putBack });
    }
    if (end.status === 'deaf') return this.failed(end.cause, true);
    this.noteStartEnd(end.cause);
    return look;
  }
}

/** Restarts one node; rejects only while the node is up. Whatever befalls a node that is down is a result. */
export const restartNode = async (
  dependencies: ActivityDependencies,
  input: RestartNodeInput,
): Promise<RestartNodeResult> => {
  const { access, requirePlanned } = await openForRestart(dependencies.clusters, input);
  return new NodeRestart(access, input, { requirePlanned, sha256: dependencies.propertiesSha256 }).run();
};
