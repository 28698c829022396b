/** What an operator sees at a glance: a pure projection of the state, the answer of the `status` query. */
import { gatePayload, gateQuestion, planRule } from '../people/approval';
import type { PlanInForce } from '../people/approval';
import { ruleWords } from '../policy/approval-policy';
import type { GateName } from '../policy/gate-name';
import { checklistOf } from './checklist';
import type { ChecklistItem, ChecklistState } from './checklist';
import type { ClusterMode, NodeId, NodeRole } from '../cluster/cluster';
import { remainingWork } from './eta';
import type { RemainingWork } from './eta';
import { nodeWorkflowIdOf, workflowIdOf } from '../plan/request';
import type { ClosedWindow } from '../policy/maintenance';
import type { OpenGate, Vote } from '../policy/open-gate';
import { shortHash } from '../plan/upgrade-plan';
import type { UpgradePhase, UpgradePlan } from '../plan/upgrade-plan';
import type { FeatureStep } from '../levels/finalization';
import type { Ending, FeatureProgress, NodeProgress, Trouble, UpgradeOutcome, UpgradeState } from './upgrade-state';
import { downWords, leftDown } from './left-down';
import { acceptanceOffer, offerWords } from './park-acceptance';
import { whyNoRollback } from './rollback';
import { expiredPayload, parkOf, parkPayload, pauseOf, pausePayload } from './what-waits';

/** Machine phase of an upgrade; `message` is always beside it. */
export type StatusPhase =
  | 'planning'
  | 'awaiting-approval'
  | 'preparing'
  | 'rolling-binaries'
  | 'rolling-protocol'
  | 'finalizing'
  | 'rolling-back'
  | 'verifying'
  | 'waiting-for-window'
  | 'parked'
  | 'paused'
  | 'ending'
  | UpgradeOutcome;

/** What the upgrade waits for a person to do. */
export interface WaitingFor {
  kind: 'approval' | 'parked' | 'paused';
  gate: GateName | null;
  question: string;
  /** What cannot be undone afterwards, or what the choices mean. */
  afterwards: string;
  /** Who may answer, in a sentence; null where anybody may who can send a message. */
  who: string | null;
  /** Those who said yes already, of a gate that wants several. */
  approvedBy: string[];
  /** At gate `plan`: what was found, the gravest first; not everybody can print the plan. */
  toRead: string[];
  /** Messages that continue or end it: signal name and JSON ready to paste. */
  answers: WaitingAnswer[];
}

/** A message ready to send. */
export interface WaitingAnswer {
  signal: string;
  payload: string;
}

export interface NodeStatus {
  nodeId: NodeId;
  roles: NodeRole[];
  address: string;
  binaries: NodeProgress;
  /** null where there is no second roll: on KRaft, and on the way to an older release. */
  protocol: NodeProgress | null;
  /** null while nothing is rolled back. */
  rollback: NodeProgress | null;
  /** Workflow id of the restart in progress, whose own `status` query tells the step. */
  rollingWorkflowId: string | null;
}

/** A KRaft feature that the plan raises. */
export interface FeatureStatus extends FeatureProgress {
  step: FeatureStep;
}

export interface UpgradeStatus {
  workflowId: string;
  cluster: string;
  /** null before the plan is made. */
  mode: ClusterMode | null;
  phase: StatusPhase;
  message: string;
  startedAtMs: number;
  fromVersion: string | null;
  toVersion: string;
  /** The target is older than what runs. Left out on the way up. */
  downgrade?: true;
  fromProtocol: string | null;
  toProtocol: string | null;
  plan: string | null;
  items: { item: ChecklistItem; title: string; state: ChecklistState; detail: string }[];
  nodes: NodeStatus[];
  features: FeatureStatus[];
  waitingFor: WaitingFor | null;
  /** Number of the park that waits, and of the pause that holds, which may be behind a park or a gate; null: none. */
  park: number | null;
  pause: number | null;
  /** What people accepted by name so far, with the plan and at parks. */
  accepted: string[];
  /** Outside of a maintenance window nothing new is started; null while one is open. */
  closedWindow: ClosedWindow | null;
  trouble: Trouble | null;
  /** Every node that is down or not known to be up, in a sentence each. */
  down: string[];
  /** What was measured or written last; null before anything was. */
  lastEvidence: { title: string; lines: string[] } | null;
  /** The work that is left by measured times; null while a person is waited for, and at the end. */
  remaining: RemainingWork | null;
  outcome: UpgradeOutcome | null;
}

const idle: NodeProgress = { state: 'pending', detail: '', timing: null };

const nodeStatuses = (state: UpgradeState): NodeStatus[] =>
  (state.plan?.nodes ?? []).map(({ nodeId, roles, address }) => {
    const progress = (phase: UpgradePhase): NodeProgress => state.nodes[phase][nodeId] ?? idle;
    const rolling = (['binaries', 'protocol', 'rollback'] as const).find(
      (phase) => progress(phase).state === 'rolling',
    );
    return {
      nodeId,
      roles,
      address,
      binaries: progress('binaries'),
      protocol: state.plan?.mode === 'kraft' || state.plan?.downgrade === true ? null : progress('protocol'),
      rollback: state.nodes.rollback[nodeId] ?? null,
      rollingWorkflowId: rolling === undefined ? null : nodeWorkflowIdOf(state.cluster, rolling, nodeId),
    };
  });

const untouched: FeatureProgress = { state: 'pending', detail: '' };

const featureStatuses = ({ plan, features }: UpgradeState): FeatureStatus[] =>
  (plan?.finalization ?? []).map((step) => ({ step, ...untouched, ...features[step.feature] }));

/** Offered wherever a person is asked, while it is possible. */
const rollbackAnswers = (state: UpgradeState): WaitingFor['answers'] => {
  if (whyNoRollback(state, { downgrade: false }) === null)
    return [{ signal: 'rollback', payload: '{"comment":"why"}' }];
  return whyNoRollback(state, { downgrade: true }) === null
    ? [{ signal: 'rollback', payload: '{"downgrade":true,"comment":"why"}' }]
    : [];
};

const abortAnswer = { signal: 'abort', payload: '{"comment":"why"}' };

const findingWords = ({ findings }: UpgradePlan): string[] =>
  findings.map(({ severity, seen, action }) => `${severity}: ${seen}${severity === 'note' ? '' : ` ${action}`}`);

const noOneInParticular = { who: null, approvedBy: [], toRead: [] };

/** A gate that expired is only asked again by a person. */
const approveAnswer = ({ gate, expiredAtMs }: OpenGate, current: PlanInForce): WaitingAnswer =>
  expiredAtMs === null
    ? { signal: 'approve', payload: gatePayload(gate, current) }
    : { signal: 'retry', payload: expiredPayload(gate) };

/** Also where something else waits in front of the pause: whoever paused can lift it there. */
const resumeAnswers = (state: UpgradeState): WaitingAnswer[] => {
  const pause = pauseOf(state);
  return pause === null ? [] : [{ signal: 'resume', payload: pausePayload(pause) }];
};

const peopleOf = (votes: readonly Vote[]): string[] => votes.map(({ by }) => by).filter((by) => by !== null);

const gateWait = (state: UpgradeState, open: OpenGate, current: PlanInForce): WaitingFor => {
  const { gate, votes, expiredAtMs } = open;
  const { plan } = current;
  const { question, afterwards } = gateQuestion(gate, plan);
  const expired =
    expiredAtMs === null ? '' : 'Nobody answered in time: the gate stays closed until it is asked again. ';
  return {
    kind: 'approval',
    gate,
    question: `${expired}${question}`,
    afterwards,
    who: ruleWords(planRule(plan, gate)),
    approvedBy: peopleOf(votes),
    toRead: gate === 'plan' ? findingWords(plan) : [],
    answers: [
      approveAnswer(open, current),
      ...resumeAnswers(state),
      ...rollbackAnswers(state),
      { signal: 'reject', payload: `{"gate":"${gate}","comment":"why"}` },
    ],
  };
};

const parkWait = (state: UpgradeState, { message, hint }: Trouble): WaitingFor => {
  const offer = acceptanceOffer(state);
  return {
    ...noOneInParticular,
    kind: 'parked',
    gate: null,
    question: message,
    afterwards: offer === null ? hint : `${hint} ${offerWords(offer)}`,
    approvedBy: peopleOf(offer?.votes ?? []),
    answers: [
      { signal: 'retry', payload: parkPayload(state.parks) },
      ...(offer === null ? [] : [{ signal: 'approve', payload: offer.payload }]),
      ...resumeAnswers(state),
      ...rollbackAnswers(state),
      abortAnswer,
    ],
  };
};

/** Who is waited for, and how they answer; null when nobody is. */
export const waitingFor = (state: UpgradeState): WaitingFor | null => {
  if (state.ended !== null || state.ending !== null || state.rollbackWish !== null) return null;
  const { parked, openGate, plan, planHash, disasterRecovery } = state;
  if (parked !== null) return parkWait(state, parked);
  if (openGate !== null && plan !== null && planHash !== null)
    return gateWait(state, openGate, { plan, planHash, disasterRecovery });
  if (!state.paused) return null;
  return {
    kind: 'paused',
    gate: null,
    question: 'Paused by an operator; no other node is touched.',
    afterwards: 'The upgrade goes on with the next node.',
    ...noOneInParticular,
    answers: [...resumeAnswers(state), ...rollbackAnswers(state), abortAnswer],
  };
};

const runningPhase = (state: UpgradeState): StatusPhase => {
  if (state.plan === null) return 'planning';
  if (state.rollingBack) return 'rolling-back';
  if (state.items[9].state !== 'pending' || state.items[7].state === 'done') return 'verifying';
  if (state.items[8].state !== 'pending') return 'finalizing';
  if (!['pending', 'not-applicable'].includes(state.items[7].state)) return 'rolling-protocol';
  if (state.items[4].state !== 'pending') return 'rolling-binaries';
  return 'preparing';
};

/** Where the upgrade stands, in a word. */
export const statusPhase = (state: UpgradeState): StatusPhase => {
  if (state.ended !== null) return state.ended.outcome;
  if (state.ending !== null || state.rollbackWish !== null) return 'ending';
  if (state.parked !== null) return 'parked';
  if (state.openGate !== null) return 'awaiting-approval';
  if (state.paused) return 'paused';
  return state.closedWindow === null ? runningPhase(state) : 'waiting-for-window';
};

const endingWords = (state: UpgradeState, { outcome }: Ending): string =>
  outcome === 'rolled-back'
    ? 'The old binaries are put back from the next safe point on; a stopped broker is brought back first.'
    : `Ending at the next safe point; ${leftDown(state) ?? 'a stopped broker is brought back first'}.`;

const statusMessage = (state: UpgradeState, waiting: WaitingFor | null): string => {
  if (state.ended !== null) return state.ended.message;
  if (state.ending !== null) return endingWords(state, state.ending);
  if (state.rollbackWish !== null)
    return 'The levels in force are read, to see whether the old binaries can be put back; nothing new is begun.';
  if (waiting !== null) return waiting.question;
  if (state.closedWindow !== null) return state.closedWindow.words;
  const running = checklistOf(state.plan).find(({ item }) => state.items[item].state === 'running');
  if (running !== undefined) return `${running.title}: ${state.items[running.item].detail}`;
  if (state.rollingBack) return 'Putting the old binaries back.';
  return state.plan === null ? 'Inspecting the cluster and making the plan.' : 'Going on with the next step.';
};

type Versions = Pick<UpgradeStatus, 'fromVersion' | 'toVersion' | 'downgrade' | 'fromProtocol' | 'toProtocol'>;

const versionsOf = ({ plan, target }: UpgradeState): Versions => ({
  fromVersion: plan?.fromVersion ?? null,
  toVersion: target,
  ...(plan?.downgrade === true ? { downgrade: true } : {}),
  fromProtocol: plan?.fromProtocol ?? null,
  toProtocol: plan?.toProtocol ?? null,
});

/** The status of an upgrade for people and programs. */
export const upgradeStatus = (state: UpgradeState): UpgradeStatus => {
  const nodes = nodeStatuses(state);
  const features = featureStatuses(state);
  const waiting = waitingFor(state);
  return {
    workflowId: workflowIdOf(state.cluster),
    cluster: state.cluster,
    mode: state.plan?.mode ?? null,
    phase: statusPhase(state),
    message: statusMessage(state, waiting),
    startedAtMs: state.startedAtMs,
    ...versionsOf(state),
    plan: state.planHash === null ? null : shortHash(state.planHash),
    items: checklistOf(state.plan).map(({ item, title }) => ({ item, title, ...state.items[item] })),
    nodes,
    features,
    waitingFor: waiting,
    park: parkOf(state),
    pause: pauseOf(state),
    accepted: state.accepted,
    closedWindow: state.closedWindow,
    trouble: state.parked,
    down: downWords(state),
    lastEvidence: state.lastEvidence,
    remaining: remainingWork(state, { nodes, features }),
    outcome: state.ended?.outcome ?? null,
  };
};
