/** A plan as text to be read before it is approved: what, in which order, why, and what cannot be undone. */
import { gateQuestion, gatesOf } from '../domain/approval';
import type { GateName } from '../domain/approval';
import { levelWords, shortHash } from '../domain/upgrade-plan';
import type { PlannedNode, PlannedPhase, UpgradePlan } from '../domain/upgrade-plan';
import { columns } from './columns';
import { duration, moved, plural, wrap, wrapIndented } from './format';
import { changeLines } from './plan-changes';
import { findingLines } from './plan-findings';
import type { ViewOptions } from './view-options';
import type { Style } from './style';

const heading = (words: string, style: Style): string[] => ['', style.strong(words)];

/** What the nodes of a cluster are called: on KRaft some are no brokers. */
const nodeWord = ({ mode }: UpgradePlan): string => (mode === 'kraft' ? 'node' : 'broker');

const needed = (plan: UpgradePlan, phase: PlannedPhase): string =>
  plural(plan.steps[phase].filter((step) => step.needed).length, nodeWord(plan));

const secondPhase = (plan: UpgradePlan): string[] =>
  plan.mode === 'kraft'
    ? [
        '2',
        'features',
        moved(plan.fromProtocol, plan.toProtocol),
        plan.finalization.length === 0
          ? 'nothing to raise'
          : `${plural(plan.finalization.length, 'feature')}, one by one, without a restart`,
      ]
    : [
        '2',
        'protocol',
        moved(plan.fromProtocol, plan.toProtocol),
        `${needed(plan, 'protocol')}, a second rolling restart`,
      ];

const pathLines = (plan: UpgradePlan, { style }: ViewOptions): string[] => [
  ...heading('Path', style),
  ...columns([
    [
      '1',
      'binaries',
      `${plan.fromVersion} → ${plan.toVersion}`,
      `${needed(plan, 'binaries')}, one at a time, ${levelWords(plan)} ${plan.mode === 'kraft' ? 'stays' : 'pinned'} at ${plan.fromProtocol}`,
    ],
    secondPhase(plan),
  ]),
];

const nodeRow = (plan: UpgradePlan, node: PlannedNode, style: Style): string[] => [
  String(node.nodeId),
  node.address,
  node.kafka,
  node.version,
  node.protocol ?? node.roles.join(', '),
  String(node.leaders),
  node.nodeId === plan.canary ? style.active('canary') : '',
];

const orderLines = (plan: UpgradePlan, { style, width }: ViewOptions): string[] => [
  ...heading(plan.mode === 'kraft' ? 'Nodes and order' : 'Brokers and order', style),
  ...wrapIndented(plan.orderRule, 2, width),
  '',
  ...columns([
    [nodeWord(plan), 'host', 'Kafka', 'version', plan.mode === 'kraft' ? 'roles' : 'protocol', 'leads', ''].map(
      style.quiet,
    ),
    ...plan.nodes.map((node) => nodeRow(plan, node, style)),
  ]),
];

/** The features in the order in which they are raised, each with its way back. */
const featureLines = ({ finalization }: UpgradePlan, { style, width }: ViewOptions): string[] => {
  if (finalization.length === 0) return [];
  const heads = columns(
    finalization.map(({ feature, fromName, toName, gate }) => [
      style.strong(feature),
      moved(fromName, toName),
      style.quiet(`gate ${gate}`),
    ]),
  );
  return [
    ...heading('Features, raised one by one after every node runs the new binary', style),
    ...finalization.flatMap(({ wayBack, reversible }, index) => [
      heads[index] ?? '',
      ...wrapIndented(wayBack, 4, width).map(reversible ? style.quiet : style.bad),
    ]),
  ];
};

const ruleLines = ({ policy }: UpgradePlan, { style }: ViewOptions): string[] => [
  ...heading('Rules', style),
  ...columns([
    ['soak after each node', duration(policy.soakMs)],
    ['park when not healthy after', duration(policy.healthyDeadlineMs)],
    ['replicas in sync beyond min.insync.replicas', String(policy.minIsrMargin)],
  ]),
];

const gateLines = (gate: GateName, plan: UpgradePlan, { style, width }: ViewOptions): string[] => {
  const { question, afterwards } = gateQuestion(gate, plan);
  const lines = wrap(`${question} ${afterwards}`, width - 12).map((line) => `${' '.repeat(12)}${line}`);
  const [first] = lines;
  // A name that is too long for its column stands on a line of its own.
  return gate.length > 9 || first === undefined
    ? [`  ${style.active(gate)}`, ...lines]
    : [`  ${style.active(gate.padEnd(10))}${first.trimStart()}`, ...lines.slice(1)];
};

const approvalLines = (plan: UpgradePlan, { style, width }: ViewOptions): string[] => {
  const probe = plan.disasterRecovery.probe;
  const recovery =
    probe === null
      ? 'Disaster recovery: no probe is configured, so the approval of gate "plan" says who confirms it and how.'
      : `Disaster recovery: checked by \`${probe}\`.`;
  const names = plan.mustAccept;
  const accept = `To be accepted by name at gate "plan", because no one-at-a-time restart can protect them: ${names.join(', ')}.`;
  return [
    ...heading('Approvals', style),
    ...gatesOf(plan).flatMap((gate) => gateLines(gate, plan, { style, width })),
    ...wrapIndented(recovery, 2, width),
    ...(names.length === 0 ? [] : wrapIndented(accept, 2, width).map(style.attention)),
  ];
};

/** The whole plan, without a line end after the last line. */
export const planView = ({ plan, planHash }: { plan: UpgradePlan; planHash: string }, options: ViewOptions): string => {
  const { style } = options;
  return [
    `${style.strong(`Upgrade plan of ${plan.cluster}`)}  ${plan.fromVersion} → ${plan.toVersion} · ${levelWords(plan)} ${moved(plan.fromProtocol, plan.toProtocol)}`,
    style.quiet(
      `plan ${shortHash(planHash)} · ${plan.mode} · ${plural(plan.nodes.length, nodeWord(plan))} · cluster id ${plan.clusterId}`,
    ),
    ...pathLines(plan, options),
    ...featureLines(plan, options),
    ...findingLines(plan.findings, options),
    ...orderLines(plan, options),
    ...changeLines(plan, options),
    ...ruleLines(plan, options),
    ...approvalLines(plan, options),
  ].join('\n');
};
