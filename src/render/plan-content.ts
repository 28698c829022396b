/** What a plan says, in words and cells: the same on a terminal and in a document. */
import { gateQuestion, planRule } from '../domain/people/approval';
import { needsName, ruleWords } from '../domain/policy/approval-policy';
import type { GateName } from '../domain/policy/gate-name';
import { maintenanceWords } from '../domain/policy/maintenance';
import type { UpgradePolicy } from '../domain/policy/policy';
import { levelWords, shortHash } from '../domain/plan/upgrade-plan';
import type { PlannedNode, PlannedPhase, UpgradePlan } from '../domain/plan/upgrade-plan';
import { duration, moved, plural } from './format';

/** A plan with the hash that approvals are bound to. */
export interface HashedPlan {
  plan: UpgradePlan;
  planHash: string;
}

/** What the nodes of a cluster are called: on KRaft some are no brokers. */
export const nodeWord = ({ mode }: UpgradePlan): string => (mode === 'kraft' ? 'node' : 'broker');

/** From where to where: releases and levels. */
export const movesWords = (plan: UpgradePlan): string =>
  `${plan.fromVersion} → ${plan.toVersion} · ${levelWords(plan)} ${moved(plan.fromProtocol, plan.toProtocol)}`;

/** Which plan of which cluster this is. */
export const identityWords = ({ plan, planHash }: HashedPlan): string =>
  `plan ${shortHash(planHash)} · ${plan.mode} · ${plural(plan.nodes.length, nodeWord(plan))} · cluster id ${plan.clusterId}`;

const needed = (plan: UpgradePlan, phase: PlannedPhase): string =>
  plural(plan.steps[phase].filter((step) => step.needed).length, nodeWord(plan));

const secondPhase = (plan: UpgradePlan): string[] => {
  if (plan.downgrade === true)
    return [
      '2',
      plan.mode === 'kraft' ? 'features' : 'protocol',
      plan.fromProtocol,
      'stays: a downgrade moves no level',
    ];
  const levels = moved(plan.fromProtocol, plan.toProtocol);
  if (plan.mode !== 'kraft') return ['2', 'protocol', levels, `${needed(plan, 'protocol')}, a second rolling restart`];
  const features = plural(plan.finalization.length, 'feature');
  const how = plan.finalization.length === 0 ? 'nothing to raise' : `${features}, one by one, without a restart`;
  return ['2', 'features', levels, how];
};

/** The two phases: number, name, from where to where, how. */
export const pathRows = (plan: UpgradePlan): string[][] => [
  [
    '1',
    'binaries',
    `${plan.fromVersion} → ${plan.toVersion}`,
    `${needed(plan, 'binaries')}, one at a time, ${levelWords(plan)} ${plan.mode === 'kraft' ? 'stays' : 'pinned'} at ${plan.fromProtocol}`,
  ],
  secondPhase(plan),
];

/** The heading over the nodes. */
export const nodesTitle = (plan: UpgradePlan): string =>
  plan.mode === 'kraft' ? 'Nodes and order' : 'Brokers and order';

/** What the columns of `nodeCells` hold. */
export const nodeHeads = (plan: UpgradePlan): string[] => [
  nodeWord(plan),
  'host',
  'Kafka',
  'version',
  plan.mode === 'kraft' ? 'roles' : 'protocol',
  'leads',
  '',
];

/** One node as a row of a table. */
export const nodeCells = (plan: UpgradePlan, node: PlannedNode): string[] => [
  String(node.nodeId),
  node.address,
  node.kafka,
  node.version,
  node.protocol ?? node.roles.join(', '),
  String(node.leaders),
  node.nodeId === plan.canary ? 'canary' : '',
];

/** The heading over the features. */
export const featuresTitle = 'Features, raised one by one after every node runs the new binary';

/** The heading over the edits. */
export const changesTitle = 'Changes of server.properties';

const maintenanceRows = ({ maintenance }: UpgradePolicy): string[][] =>
  (maintenance === undefined ? [] : maintenanceWords(maintenance)).map((words) => [
    'something new is started only',
    words,
  ]);

const waitRows = ({ approvals }: UpgradePolicy): string[][] => {
  if (approvals === undefined) return [];
  const rows: [string, number | null][] = [
    ['people are reminded every', approvals.remindEveryMs],
    ['a wait is escalated after', approvals.escalateAfterMs],
    ['a gate expires, and stays closed, after', approvals.expireAfterMs],
  ];
  const each = approvals.eachNode ? [['asked before each node', 'yes']] : [];
  return [...each, ...rows.flatMap(([words, ms]) => (ms === null ? [] : [[words, duration(ms)]]))];
};

/** What is asked at a gate, what follows from it, and who may answer where not everybody may. */
export const gateText = (gate: GateName, plan: UpgradePlan): string => {
  const { question, afterwards } = gateQuestion(gate, plan);
  const rule = planRule(plan, gate);
  const isOpen = !needsName(rule) && !rule.commentRequired && !rule.ticketRequired;
  return [question, afterwards, ...(isOpen ? [] : [ruleWords(rule)])].join(' ');
};

/** The limits of the policy. */
export const ruleRows = ({ policy }: UpgradePlan): string[][] => [
  ['soak after each node', duration(policy.soakMs)],
  ['park when not healthy after', duration(policy.healthyDeadlineMs)],
  ['replicas in sync beyond min.insync.replicas', String(policy.minIsrMargin)],
  ...maintenanceRows(policy),
  ...waitRows(policy),
];

/** Who says that the disaster-recovery path works; `code` marks a command. */
export const recoveryWords = (plan: UpgradePlan, code: (text: string) => string): string => {
  const { probe } = plan.disasterRecovery;
  return probe === null
    ? 'Disaster recovery: no probe is configured, so the approval of gate "plan" says who confirms it and how.'
    : `Disaster recovery: checked by ${code(probe)}.`;
};

/** What has to be accepted by name; null when nothing has. */
export const acceptWords = ({ mustAccept }: UpgradePlan): string | null =>
  mustAccept.length === 0
    ? null
    : `To be accepted by name at gate "plan", because no one-at-a-time restart can protect them: ${mustAccept.join(', ')}.`;
