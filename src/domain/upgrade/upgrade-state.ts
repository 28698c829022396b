/**
 * The state of one upgrade and the only place where it changes: `reduce(state, event)`. The audit trail is the list of
 * events; status, web UI details and reports are projections of it.
 */
import type { AlarmKind } from '../policy/alarm';
import type { GateName } from '../policy/gate-name';
import type { ClosedWindow } from '../policy/maintenance';
import { gateAfter } from '../policy/open-gate';
import type { GateEvent, OpenGate, Vote } from '../policy/open-gate';
import { checklist } from './checklist';
import type { ChecklistItem, ChecklistState } from './checklist';
import type { NodeId } from '../cluster/cluster';
import type { FailureType } from '../common/failure';
import { withAcceptance } from './pending-acceptance';
import type { PendingAcceptance } from './pending-acceptance';
import { withReceived } from './received-messages';
import type { MessageEventBody, ReceivedMessage } from './received-messages';
import type { UpgradePhase, UpgradePlan } from '../plan/upgrade-plan';
import type { RollbackWish } from './rollback-wish';

/** How an upgrade ended; `failed` by an error before the first change of a host (I6): then the workflow fails, too. */
export type UpgradeOutcome = 'completed' | 'rejected' | 'aborted' | 'rolled-back' | 'failed';

/** Where the time of one restart went (ms); `overheadMs` is what this product adds to the floor. */
export interface NodeTiming {
  totalMs: number;
  /** SIGTERM to process exit. */
  stopMs: number;
  /** Process start to listening. */
  startMs: number;
  /** Waits that the policy asks for: soak, a group's commit interval. */
  policyWaitMs: number;
  overheadMs: number;
}

export interface NodeProgress {
  state: 'pending' | 'rolling' | 'done' | 'skipped' | 'parked';
  detail: string;
  timing: NodeTiming | null;
  /** It was seen to run. */
  isUp?: boolean;
}

/** Where a KRaft feature is on its way up, or back. */
export interface FeatureProgress {
  state: 'pending' | 'raising' | 'raised' | 'lowering' | 'lowered';
  detail: string;
}

/** A person's wish that ends what runs now; `rolled-back` first puts the old binaries back. */
export interface Ending {
  outcome: 'rejected' | 'aborted' | 'rolled-back';
  by: string | null;
  comment: string | null;
}

/** What went wrong, on which node, and what an operator may do. */
export interface Trouble {
  type: string;
  message: string;
  hint: string;
  nodeId: NodeId | null;
  phase: UpgradePhase | null;
  /** True when the node is down because of this. */
  nodeIsDown: boolean;
  /** What a person may accept by name instead of a repair: topics, and consumer groups as `group:<name>`. */
  acceptable?: string[];
}

export type UpgradeEventBody =
  | { type: 'plan-made'; plan: UpgradePlan; planHash: string }
  | { type: 'item'; item: ChecklistItem; state: ChecklistState; detail: string }
  | GateEvent
  /** A person was waited for so long; `wait` says for what. */
  | { type: 'alarm'; alarm: AlarmKind; wait: string; waitedMs: number }
  | { type: 'disaster-recovery-confirmed'; by: string; comment: string | null }
  /** null: open again. */
  | { type: 'window'; closed: ClosedWindow | null }
  | MessageEventBody
  | { type: 'paused'; by: string | null; comment: string | null }
  | { type: 'resumed'; by: string | null }
  | { type: 'parked'; trouble: Trouble }
  | { type: 'retried'; by: string | null }
  /** One person's yes to accepting these names at the park of this number; more are wanted. */
  | { type: 'acceptance-voted'; park: number; accept: string[]; vote: Vote }
  /** Accepted by name at the park of this number, by all who had to: from then on no gate holds anything for it. */
  | { type: 'accepted'; park: number; accept: string[]; votes: Vote[] }
  | ({ type: 'end-requested' } & Ending)
  | ({ type: 'rollback-asked' } & RollbackWish)
  /** It goes on waiting where it was; `beyond`: a level forbids it, as it stands now. */
  | { type: 'rollback-refused'; beyond: boolean; why: string }
  | { type: 'rollback-started' }
  | { type: 'feature'; feature: string; progress: FeatureProgress }
  | { type: 'node'; phase: UpgradePhase; nodeId: NodeId; progress: NodeProgress }
  | { type: 'evidence'; title: string; lines: string[] }
  /** Something beside the upgrade does not work; it goes on without it. */
  | { type: 'warning'; message: string }
  | { type: 'ended'; outcome: UpgradeOutcome; message: string };

export type UpgradeEvent = UpgradeEventBody & { atMs: number };

/** How the approval of the plan confirmed the disaster-recovery path. */
export type PlanApproval = Pick<GateEvent & { type: 'gate-passed' }, 'disasterRecovery'>;

export interface UpgradeState {
  cluster: string;
  target: string;
  /** Who asked, and the ticket they named. */
  request: { requester: string | null; ticket: string | null };
  startedAtMs: number;
  plan: UpgradePlan | null;
  planHash: string | null;
  items: Record<ChecklistItem, { state: ChecklistState; detail: string }>;
  nodes: Record<UpgradePhase, Record<NodeId, NodeProgress>>;
  features: Record<string, FeatureProgress>;
  openGate: OpenGate | null;
  passedGates: GateName[];
  /** What the approval of this plan said beside yes; null until there is one. */
  planApproval: PlanApproval | null;
  /** The last messages that had an id, each as it came first. */
  received: ReceivedMessage[];
  /** Who confirmed the disaster-recovery path, and how, beside the approval of the plan. */
  disasterRecovery: string | null;
  /** Accepted by name: with the plan, and at parks since. Names only, no patterns. */
  accepted: string[];
  paused: boolean;
  /** How many pauses there were, which is the number of the one that holds: an answer names the pause that it is for. */
  pauses: number;
  /** Nothing new is started before then. */
  closedWindow: ClosedWindow | null;
  parked: Trouble | null;
  /** How many parks there were, which is the number of the one that waits: an answer names the park that it is for. */
  parks: number;
  /** What is being accepted at the park that waits; null while nobody has said so. */
  acceptance: PendingAcceptance | null;
  /** Every node that is down, or not known to be up, and why; until a start is proven, whatever else is parked on top. */
  down: Record<NodeId, Trouble>;
  lastEvidence: { title: string; lines: string[] } | null;
  ending: Ending | null;
  rollbackWish: RollbackWish | null;
  /** Why the last wish for the old binaries was refused by the levels that were read; null when it was not. */
  wishRefused: string | null;
  /**
   * KRaft: a level that the old release does not know was seen in force. Even when it was lowered since, an old binary starts
   * only from a snapshot of the metadata log behind it.
   */
  seenBeyond: boolean;
  /** The old binaries are being put back. */
  rollingBack: boolean;
  /** Who began the way back; null on the way up. */
  turnedBackBy: Ending | null;
  ended: { outcome: UpgradeOutcome; message: string; atMs: number } | null;
}

const noNodes = (): UpgradeState['nodes'] => ({ binaries: {}, protocol: {}, rollback: {} });

/** The state before anything happened. */
export const initialState = (
  input: Pick<UpgradeState, 'cluster' | 'target' | 'request' | 'startedAtMs'>,
): UpgradeState => ({
  ...input,
  plan: null,
  planHash: null,
  items: Object.fromEntries(
    checklist.map(({ item }) => [item, { state: 'pending', detail: '' }]),
  ) as UpgradeState['items'], // as: fromEntries loses the keys, which are the checklist's own
  nodes: noNodes(),
  features: {},
  openGate: null,
  passedGates: [],
  planApproval: null,
  received: [],
  disasterRecovery: null,
  accepted: [],
  paused: false,
  pauses: 0,
  closedWindow: null,
  parked: null,
  parks: 0,
  acceptance: null,
  down: {},
  lastEvidence: null,
  ending: null,
  rollbackWish: null,
  wishRefused: null,
  seenBeyond: false,
  rollingBack: false,
  turnedBackBy: null,
  ended: null,
});

const plannedNodes = (plan: UpgradePlan): UpgradeState['nodes'] => {
  const nodes = noNodes();
  for (const phase of ['binaries', 'protocol'] as const) {
    for (const step of plan.steps[phase]) {
      nodes[phase][step.nodeId] = step.needed
        ? { state: 'pending', detail: '', timing: null }
        : { state: 'skipped', detail: 'already in the desired state', timing: null };
    }
  }
  return nodes;
};

const plannedFeatures = ({ finalization }: UpgradePlan): UpgradeState['features'] =>
  Object.fromEntries(finalization.map(({ feature }) => [feature, { state: 'pending', detail: '' }]));

/** A new plan is another question: no approval of the old one stands, and none that is half given (I3). */
const planned = (plan: UpgradePlan): Partial<UpgradeState> => ({
  plan,
  passedGates: [],
  accepted: [],
  planApproval: null,
  openGate: null,
  nodes: plannedNodes(plan),
  features: plannedFeatures(plan),
});

/** The items of the checklist that are under way. */
export const itemsUnderWay = ({ items }: Pick<UpgradeState, 'items'>): ChecklistItem[] =>
  checklist.map(({ item }) => item).filter((item) => ['running', 'waiting'].includes(items[item].state));

/** What was under way when the way back began is not any more. */
const leftItems = (items: UpgradeState['items']): UpgradeState['items'] => {
  const left = itemsUnderWay({ items }).map(
    (item) => [item, { state: 'pending', detail: 'left for the way back' }] as const,
  );
  return { ...items, ...Object.fromEntries(left) };
};

/** The state when the way back begins: nothing waits any more. */
const turnedBack = (state: UpgradeState): UpgradeState => ({
  ...state,
  items: leftItems(state.items),
  rollingBack: true,
  turnedBackBy: state.ending,
  ending: null,
  rollbackWish: null,
  openGate: null,
  parked: null,
  acceptance: null,
  paused: false,
  closedWindow: null,
});

const remembering = (state: UpgradeState, event: MessageEventBody): UpgradeState => {
  const received = withReceived(state.received, event);
  return received === state.received ? state : { ...state, received };
};

/** The failure of a step onto an older release that a level in force forbids. */
const levelsForbid = 'LevelsForbid' satisfies FailureType;

const refusedRollback = (
  state: UpgradeState,
  { why, beyond }: Extract<UpgradeEventBody, { type: 'rollback-refused' }>,
): UpgradeState => ({
  ...state,
  rollbackWish: null,
  wishRefused: why,
  seenBeyond: state.seenBeyond || beyond,
  lastEvidence: { title: 'rollback refused', lines: [why] },
});

const confirmationWords = ({ by, comment }: { by: string; comment: string | null }): string =>
  `confirmed by ${by}${comment === null ? '' : `: ${comment}`}`;

/** What is accepted with the plan are all names that it asks for; a pattern of that approval stands for nothing else. */
const passed = (state: UpgradeState, event: GateEvent & { type: 'gate-passed'; atMs: number }): UpgradeState => {
  const { gate, accept, disasterRecovery } = event;
  return {
    ...state,
    openGate: gateAfter(state.openGate, event),
    passedGates: [...state.passedGates, gate],
    accepted: gate === 'plan' ? accept : state.accepted,
    planApproval: gate === 'plan' ? { disasterRecovery } : state.planApproval,
  };
};

const downAfterPark = ({ down }: UpgradeState, trouble: Trouble): UpgradeState['down'] =>
  trouble.nodeIsDown && trouble.nodeId !== null ? { ...down, [trouble.nodeId]: trouble } : down;

/** Only a node that was seen to run is up again: what is tried with it, or parked on top of it, proves nothing. */
const downAfterProgress = (
  { down }: UpgradeState,
  nodeId: NodeId,
  { state, isUp = state === 'done' }: NodeProgress,
): UpgradeState['down'] =>
  isUp ? Object.fromEntries(Object.entries(down).filter(([id]) => Number(id) !== nodeId)) : down;

type HoldEvent = Extract<
  UpgradeEvent,
  { type: 'paused' | 'resumed' | 'parked' | 'retried' | 'acceptance-voted' | 'accepted' }
>;

/** The state after what begins or ends a pause or a park; each is counted when it begins. */
const held = (state: UpgradeState, event: HoldEvent): UpgradeState => {
  switch (event.type) {
    case 'paused':
      return { ...state, paused: true, pauses: state.pauses + 1 };
    case 'resumed':
      return { ...state, paused: false };
    case 'parked':
      return {
        ...state,
        ...{ parked: event.trouble, parks: state.parks + 1, acceptance: null },
        down: downAfterPark(state, event.trouble),
        seenBeyond: state.seenBeyond || event.trouble.type === levelsForbid,
      };
    case 'retried':
      return { ...state, parked: null, acceptance: null };
    case 'acceptance-voted':
      return { ...state, acceptance: withAcceptance(state.acceptance, event) };
    case 'accepted':
      return { ...state, accepted: [...new Set([...state.accepted, ...event.accept])] };
  }
};

/** The state after one more event. */
export const reduce = (state: UpgradeState, event: UpgradeEvent): UpgradeState => {
  switch (event.type) {
    case 'plan-made':
      return { ...state, ...planned(event.plan), planHash: event.planHash };
    case 'item':
      return { ...state, items: { ...state.items, [event.item]: { state: event.state, detail: event.detail } } };
    case 'gate-passed':
      return passed(state, event);
    case 'gate-opened':
    case 'gate-reopened':
    case 'gate-voted':
    case 'gate-expired':
      return { ...state, openGate: gateAfter(state.openGate, event) };
    case 'disaster-recovery-confirmed':
      return { ...state, disasterRecovery: confirmationWords(event) };
    case 'window':
      return { ...state, closedWindow: event.closed };
    case 'paused':
    case 'resumed':
    case 'parked':
    case 'retried':
    case 'acceptance-voted':
    case 'accepted':
      return held(state, event);
    case 'rollback-asked':
      return {
        ...state,
        rollbackWish: { by: event.by, comment: event.comment, downgrade: event.downgrade },
        wishRefused: null,
      };
    case 'rollback-refused':
      return refusedRollback(state, event);
    case 'end-requested':
      return { ...state, ending: { outcome: event.outcome, by: event.by, comment: event.comment } };
    case 'node':
      return {
        ...state,
        down: downAfterProgress(state, event.nodeId, event.progress),
        nodes: { ...state.nodes, [event.phase]: { ...state.nodes[event.phase], [event.nodeId]: event.progress } },
      };
    case 'rollback-started':
      return turnedBack(state);
    case 'feature':
      return { ...state, features: { ...state.features, [event.feature]: event.progress } };
    case 'ended':
      return { ...state, openGate: null, ended: { outcome: event.outcome, message: event.message, atMs: event.atMs } };
    case 'evidence':
      return { ...state, lastEvidence: { title: event.title, lines: event.lines } };
    case 'message':
      return remembering(state, event);
    case 'warning':
    case 'alarm':
      return state;
  }
};
