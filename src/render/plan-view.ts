/** A plan as text to be read before it is approved: what, in which order, why, and what cannot be undone. */
import { gateNames, gateQuestions } from '../domain/approval';
import { shortHash } from '../domain/upgrade-plan';
import type { UpgradePlan } from '../domain/upgrade-plan';
import { columns } from './columns';
import { duration, plural, wrap, wrapIndented } from './format';
import { changeLines } from './plan-changes';
import { findingLines } from './plan-findings';
import type { ViewOptions } from './view-options';
import type { Style } from './style';

const heading = (words: string, style: Style): string[] => ['', style.strong(words)];

const needed = (plan: UpgradePlan, phase: 'binaries' | 'protocol'): string =>
  plural(plan.steps[phase].filter((step) => step.needed).length, 'broker');

const pathLines = (plan: UpgradePlan, { style }: ViewOptions): string[] => [
  ...heading('Path', style),
  ...columns([
    [
      '1',
      'binaries',
      `${plan.fromVersion} → ${plan.toVersion}`,
      `${needed(plan, 'binaries')}, one at a time, protocol pinned at ${plan.fromProtocol}`,
    ],
    [
      '2',
      'protocol',
      `${plan.fromProtocol} → ${plan.toProtocol}`,
      `${needed(plan, 'protocol')}, a second rolling restart`,
    ],
  ]),
];

const orderLines = (plan: UpgradePlan, { style, width }: ViewOptions): string[] => [
  ...heading('Brokers and order', style),
  ...wrapIndented(plan.orderRule, 2, width),
  '',
  ...columns([
    ['broker', 'host', 'Kafka', 'version', 'protocol', 'leads', ''].map(style.quiet),
    ...plan.nodes.map((node) => [
      String(node.nodeId),
      node.address,
      node.kafka,
      node.version,
      node.protocol,
      String(node.leaders),
      node.nodeId === plan.canary ? style.active('canary') : '',
    ]),
  ]),
];

const ruleLines = ({ policy }: UpgradePlan, { style }: ViewOptions): string[] => [
  ...heading('Rules', style),
  ...columns([
    ['soak after each broker', duration(policy.soakMs)],
    ['park when not healthy after', duration(policy.healthyDeadlineMs)],
    ['replicas in sync beyond min.insync.replicas', String(policy.minIsrMargin)],
  ]),
];

const approvalLines = (plan: UpgradePlan, { style, width }: ViewOptions): string[] => {
  const probe = plan.disasterRecovery.probe;
  const recovery =
    probe === null
      ? 'Disaster recovery: no probe is configured, so the approval of gate "plan" says who confirms it and how.'
      : `Disaster recovery: checked by \`${probe}\`.`;
  const topics = plan.unprotectableTopics;
  const accept = `To be accepted by name at gate "plan", because one broker down makes them unavailable or read-only: ${topics.join(', ')}.`;
  return [
    ...heading('Approvals', style),
    ...gateNames.flatMap((gate) => {
      const { question, afterwards } = gateQuestions[gate];
      return wrap(`${question} ${afterwards}`, width - 12).map((line, index) =>
        index === 0 ? `  ${style.active(gate.padEnd(10))}${line}` : `${' '.repeat(12)}${line}`,
      );
    }),
    ...wrapIndented(recovery, 2, width),
    ...(topics.length === 0 ? [] : wrapIndented(accept, 2, width).map(style.attention)),
  ];
};

/** The whole plan, without a line end after the last line. */
export const planView = ({ plan, planHash }: { plan: UpgradePlan; planHash: string }, options: ViewOptions): string => {
  const { style } = options;
  return [
    `${style.strong(`Upgrade plan of ${plan.cluster}`)}  ${plan.fromVersion} → ${plan.toVersion} · protocol ${plan.fromProtocol} → ${plan.toProtocol}`,
    style.quiet(
      `plan ${shortHash(planHash)} · ${plan.mode} · ${plural(plan.nodes.length, 'broker')} · cluster id ${plan.clusterId}`,
    ),
    ...pathLines(plan, options),
    ...findingLines(plan.findings, options),
    ...orderLines(plan, options),
    ...changeLines(plan, options),
    ...ruleLines(plan, options),
    ...approvalLines(plan, options),
  ].join('\n');
};
