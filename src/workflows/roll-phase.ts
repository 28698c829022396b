/** One rolling restart over the cluster: one node at a time, the next one chosen by what is measured now. */
import {
  ChildWorkflowFailure,
  ParentClosePolicy,
  TerminatedFailure,
  executeChild,
  isCancellation,
} from '@temporalio/workflow';
import type { NodeId, NodeRole } from '../domain/cluster/cluster';
import { capitalized, nodeWords } from '../domain/cluster/node-words';
import { failureHint } from '../domain/common/failure';
import type { RollGroup } from '../domain/plan/roll-order';
import { fromTheGate, restartTiming } from '../domain/upgrade/node-roll';
import type { RollNodeInput, RollNodeOutcome, RollResume } from '../domain/upgrade/node-roll';
import { nodeWorkflowIdOf } from '../domain/plan/request';
import { nextNode } from '../domain/plan/roll-order';
import { phaseTitlesOf } from '../domain/plan/upgrade-plan';
import type { NodeStep, UpgradePhase } from '../domain/plan/upgrade-plan';
import type { NodeProgress, NodeTiming, Trouble } from '../domain/upgrade/upgrade-state';
import type { Moment } from '../activities/contract';
import { awaitGoAhead } from './go-ahead';
import { raiseLeases } from './guarded';
import { readMoment } from './moment';
import { safePoint } from './next-run';
import { rollNode } from './roll-node';
import type { Roll } from './health';
import { troubleOf } from './trouble';
import { untilEnding } from './until-ending';
import { EndRequested } from './upgrade-run';
import type { UpgradeRun } from './upgrade-run';

type Rolled = Extract<RollNodeOutcome, { status: 'rolled' }>;
type Parked = Extract<RollNodeOutcome, { status: 'parked' }>;
type Left = Extract<RollNodeOutcome, { status: 'left' }>;
type Cancelled = Extract<RollNodeOutcome, { status: 'cancelled' }>;

/** One node's step in one phase. */
interface PhaseStep {
  phase: UpgradePhase;
  step: NodeStep;
}

const rolesOf = ({ plan }: UpgradeRun, nodeId: NodeId): NodeRole[] =>
  plan.nodes.find((node) => node.nodeId === nodeId)?.roles ?? ['broker'];

const rollInput = (run: UpgradeRun, { phase, step }: PhaseStep, resume: RollResume): RollNodeInput => {
  const { plan } = run;
  const { changes, fromSha256, toSha256 } = step.edit;
  const node = plan.nodes.find(({ nodeId }) => nodeId === step.nodeId);
  return {
    cluster: plan.cluster,
    definitionSha256: plan.definitionSha256,
    phase,
    ...(plan.downgrade === true ? { downgrade: true } : {}),
    nodeId: step.nodeId,
    accepted: run.accepted(),
    fence: run.nextFence(),
    resume,
    policy: plan.policy,
    step: {
      edit: { changes, fromSha256, toSha256 },
      fromVersion: step.fromVersion,
      toVersion: step.toVersion,
      protocol: step.protocol,
      roles: rolesOf(run, step.nodeId),
      logDirectories: node?.logDirectories ?? [],
    },
  };
};

const isTerminated = (error: unknown): boolean =>
  error instanceof ChildWorkflowFailure && error.cause instanceof TerminatedFailure;

/** Cancelled, the restart still says how it left the node; terminated, it says nothing more. */
type EndByHand = Left | Cancelled | { status: 'terminated' };

const leftByHand = (who: string, end: EndByHand): string => {
  switch (end.status) {
    case 'cancelled':
      return `It had not stopped ${who}.`;
    case 'left':
      return `${capitalized(who)} runs ${end.version}, and was not seen healthy since its start.`;
    case 'terminated':
      return `Whether ${who} was stopped is not known for sure.`;
  }
};

/** Somebody ended the restart's own workflow, from outside of the upgrade. */
const endedByHand = ({ phase, nodeId, step, cluster, resume }: RollNodeInput, end: EndByHand): RollNodeOutcome => {
  const type = 'RestartEndedByHand';
  const who = nodeWords(step.roles, nodeId);
  const nodeIsDown = end.status === 'terminated';
  const how = nodeIsDown ? 'terminated' : 'cancelled';
  const message = `Workflow ${nodeWorkflowIdOf(cluster, phase, nodeId)}, the restart of ${who}, was ${how} by hand, not by this upgrade. ${leftByHand(who, end)}`;
  const trouble = { type, message, hint: failureHint(type), nodeId, phase, nodeIsDown };
  const isUp = end.status === 'left';
  const at: RollResume = isUp && end.version === step.toVersion ? { at: 'health' } : fromTheGate;
  const evidence = isUp ? end.evidence : [];
  return {
    status: 'parked',
    trouble,
    isUp,
    evidence,
    resume: resume.after === undefined ? at : { ...at, after: resume.after },
  };
};

/** Runs the child; an abort cancels its waiting part (before the stop), never a stopped broker. */
const restart = async (run: UpgradeRun, input: RollNodeInput): Promise<RollNodeOutcome> => {
  const isEnding = (): boolean => run.state.ending !== null;
  try {
    const outcome = await untilEnding(run, () =>
      executeChild(rollNode, {
        workflowId: nodeWorkflowIdOf(input.cluster, input.phase, input.nodeId),
        args: [input],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: `${nodeWords(input.step.roles, input.nodeId)}: ${phaseTitlesOf(run.plan)[input.phase]}`,
      }),
    );
    const isByHand = !isEnding() && (outcome.status === 'cancelled' || outcome.status === 'left');
    return isByHand ? endedByHand(input, outcome) : outcome;
  } catch (error) {
    // Cancelled before it began, or while its gate was closed: either way nothing was stopped.
    if (isCancellation(error))
      return isEnding() ? { status: 'cancelled' } : endedByHand(input, { status: 'cancelled' });
    if (isTerminated(error)) return endedByHand(input, { status: 'terminated' });
    const site = { nodeId: input.nodeId, phase: input.phase, nodeIsDown: false };
    return { status: 'parked', trouble: troubleOf(error, site), isUp: false, evidence: [], resume: fromTheGate };
  }
};

const timingDetail = ({ totalMs, overheadMs }: NodeTiming): string =>
  `${(totalMs / 1000).toFixed(1)} s, of which ${(overheadMs / 1000).toFixed(2)} s overhead`;

const settle = async (
  run: UpgradeRun,
  phase: UpgradePhase,
  input: { nodeId: NodeId; roles: readonly NodeRole[]; outcome: Rolled; totalMs: number },
): Promise<void> => {
  const { nodeId, outcome, totalMs } = input;
  // As seen from here: the child's own start and end are overhead, too.
  const timing = restartTiming({ ...outcome.timing, totalMs });
  run.evidence(`${nodeWords(input.roles, nodeId)}, ${phaseTitlesOf(run.plan)[phase]}`, outcome.evidence);
  run.emit({ type: 'node', phase, nodeId, progress: { state: 'done', detail: timingDetail(timing), timing } });
  if (!outcome.uncleanStop) return;
  const type = 'UncleanShutdown';
  await run.park({
    type,
    message: `Broker ${nodeId} is back and healthy, but it had not stopped cleanly. Find out why before another node is stopped.`,
    hint: failureHint(type),
    nodeId,
    phase,
    nodeIsDown: false,
  });
  await raiseLeases(run);
};

/** People ended the upgrade: what became of the node that was in progress. */
const leave = (run: UpgradeRun, { phase, step: { nodeId } }: PhaseStep, outcome: Left | Cancelled): never => {
  const progress: NodeProgress =
    outcome.status === 'left'
      ? {
          state: 'parked',
          detail: `it listens with ${outcome.version}; its health was not waited for`,
          timing: null,
          isUp: true,
        }
      : { state: 'pending', detail: 'not stopped', timing: null };
  if (outcome.status === 'left') run.evidence(`${nodeWords(rolesOf(run, nodeId), nodeId)}, left`, outcome.evidence);
  run.emit({ type: 'node', phase, nodeId, progress });
  throw new EndRequested('people ended the upgrade');
};

/**
 * Parks with what a restart met, until people have answered. A node that is down is started before anything else: a host
 * that cannot be reached must not keep it down. Its own host is fenced by the restart; the others once it is back (I5).
 */
const parkNode = async (run: UpgradeRun, { phase, step: { nodeId } }: PhaseStep, outcome: Parked): Promise<void> => {
  const { trouble, isUp } = outcome;
  run.evidence(`${nodeWords(rolesOf(run, nodeId), nodeId)} parked`, outcome.evidence);
  run.emit({
    type: 'node',
    phase,
    nodeId,
    progress: { state: 'parked', detail: trouble.message, timing: null, isUp },
  });
  await run.park(trouble);
  if (run.state.down[nodeId] === undefined) await raiseLeases(run);
};

/** Restarts one node, again after every repair, until it is done; resolves to the active controller seen last. */
const rollOne = async (
  run: UpgradeRun,
  phaseStep: PhaseStep,
  { reason, afterPark }: { reason: string } & Pick<RollPhaseOptions, 'afterPark'>,
): Promise<NodeId | null> => {
  const { phase } = phaseStep;
  const { nodeId } = phaseStep.step;
  let resume = fromTheGate;
  for (;;) {
    run.emit({ type: 'node', phase, nodeId, progress: { state: 'rolling', detail: reason, timing: null } });
    const startedAtMs = Date.now();
    const wasDown = run.state.down[nodeId] !== undefined;
    const outcome = await restart(run, rollInput(run, phaseStep, resume));
    if (outcome.status === 'cancelled' || outcome.status === 'left') return leave(run, phaseStep, outcome);
    if (outcome.status === 'rolled') {
      const roles = rolesOf(run, nodeId);
      await settle(run, phase, { nodeId, roles, outcome, totalMs: Date.now() - startedAtMs });
      if (wasDown) await raiseLeases(run);
      return outcome.controllerId;
    }
    resume = outcome.resume;
    await parkNode(run, phaseStep, outcome);
    await afterPark?.(outcome.trouble);
  }
};

/** A person's wait may take days, and the active controller moves: what was seen longer ago is measured again (ms). */
const maxControllerAgeMs = 10_000;

/** Who is the active controller, and who is down, at the moment of a choice. */
export interface Look {
  controllerId: NodeId | null;
  down: NodeId[];
}

interface DatedLook extends Look {
  moment: Moment;
}

const seen = async (look: Look): Promise<DatedLook> => ({ ...look, moment: await readMoment() });

const isOld = async ({ moment }: DatedLook): Promise<boolean> =>
  (await readMoment()).atMs - moment.atMs > maxControllerAgeMs;

interface RollPhaseOptions extends Roll {
  groups: readonly RollGroup[];
  /** Looks at the cluster; for an upgrade it waits until it is healthy. */
  measure: () => Promise<Look>;
  /** The canary's own gate. */
  afterFirst?: () => Promise<void>;
  /** What must be true again before a node that was parked is tried again. */
  afterPark?: (trouble: Trouble) => Promise<void>;
}

/** Does the policy want a person's yes before this node? The canary of the binaries has the approval of the plan. */
const isAskedFor = ({ plan }: UpgradeRun, { phase }: RollPhaseOptions, isFirst: boolean): boolean =>
  plan.policy.approvals?.eachNode === true && phase !== 'rollback' && !(phase === 'binaries' && isFirst);

const isDone = ({ state }: UpgradeRun, phase: UpgradePhase, nodeId: NodeId): boolean =>
  state.nodes[phase][nodeId]?.state === 'done';

/** Rolls every node that needs the phase and is not done yet; resolves to how many were done in all. */
export const rollPhase = async (run: UpgradeRun, options: RollPhaseOptions): Promise<number> => {
  const { phase, groups } = options;
  const steps = options.steps.filter(({ needed, nodeId }) => needed || isDone(run, phase, nodeId));
  const remaining = new Set(steps.map(({ nodeId }) => nodeId).filter((nodeId) => !isDone(run, phase, nodeId)));
  let last = await seen(await options.measure());
  let approved: NodeId | null = null;
  for (;;) {
    await awaitGoAhead(run);
    if (remaining.size > 0 && (await isOld(last))) last = await seen(await options.measure());
    const { canary, canaryNamed } = run.plan;
    const next = nextNode({ remaining: [...remaining], groups, canary, canaryNamed, ...last });
    const step = steps.find(({ nodeId }) => nodeId === next?.nodeId);
    if (next === null || step === undefined) return steps.length;
    if (isAskedFor(run, options, remaining.size === steps.length) && approved !== next.nodeId) {
      await run.passGate(`node-${next.nodeId}`);
      // A person may have taken days: everything above is asked again, and may choose another node, with a gate of its own.
      approved = next.nodeId;
      continue;
    }
    const controllerId = await rollOne(run, { phase, step }, { ...options, reason: next.reason });
    last = await seen({ controllerId, down: [] });
    remaining.delete(next.nodeId);
    if (remaining.size === steps.length - 1 && remaining.size > 0) await options.afterFirst?.();
    await safePoint(run, last.moment);
  }
};
