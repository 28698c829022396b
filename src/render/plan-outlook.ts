/** "What will happen": the steps of the workflow in words, with the paths of this cluster. */
import { releaseDirectory } from '../domain/cluster/release';
import { assumedRestartMs, expectedDuration } from '../domain/plan/expected-duration';
import { plannedOrder } from '../domain/plan/planned-order';
import type { NextNode } from '../domain/plan/roll-order';
import { startCommand } from '../domain/plan/upgrade-plan';
import type { PlannedPhase, PlanOutlook, UpgradePlan } from '../domain/plan/upgrade-plan';
import { duration, plural } from './format';
import { nodeWord } from './plan-content';

/** Marks a command or a path. */
export type Code = (text: string) => string;

/** The heading of the section. */
export const outlookTitle = 'What will happen';

/** In the place of the order. */
export const noRestartWords = 'No node has to be restarted for new binaries.';

/** A part of the section: steps in their order, or plain sentences. */
export interface OutlookPart {
  title: string;
  lines: string[];
  /** The lines are steps, one after the other. */
  steps: boolean;
}

/** The order to be expected, and what it is worth. */
export const expectedOrder = (plan: UpgradePlan): { words: string; nodes: NextNode[] } => {
  const controllerId = plan.outlook?.controllerId ?? null;
  const seen =
    controllerId === null ? 'it was not known for this plan' : `${controllerId} when this plan was made, it may move`;
  return {
    words: `The order that is to be expected. Each next ${nodeWord(plan)} is chosen when its turn comes, by the active controller as measured then (${seen}).`,
    nodes: plannedOrder(plan, 'binaries'),
  };
};

const hasEdits = ({ steps }: UpgradePlan, phase: PlannedPhase): boolean =>
  steps[phase].some(({ needed, edit }) => needed && edit.changes.length > 0);

const beforehand = (plan: UpgradePlan, { paths }: PlanOutlook, code: Code): OutlookPart => ({
  title: 'Before the first stop, on every host',
  steps: true,
  lines: [
    `Own the host: a lease in ${code(`${paths.state}/lease`)}, so that no other upgrade and no late command can act.`,
    `Back up: copy ${code(paths.config)} to ${code(`${paths.state}/backups/<run-id>/server.properties`)}, read back by SHA-256.`,
    ...(hasEdits(plan, 'binaries')
      ? [
          `Pin: replace ${code(paths.config)} atomically by one with ${code(`inter.broker.protocol.version=${plan.fromProtocol}`)}; a running broker reads it at its next start only.`,
        ]
      : []),
  ],
});

const onEachNode = (plan: UpgradePlan, outlook: PlanOutlook, code: Code): OutlookPart => {
  const { paths, commands } = outlook;
  const release = releaseDirectory(paths.releases, plan.toVersion);
  const stop =
    commands === null
      ? `SIGTERM to the verified process of ${code(paths.config)}`
      : `the command ${code(commands.stop)}`;
  return {
    title: `On each ${nodeWord(plan)}, one at a time`,
    steps: true,
    lines: [
      'Check: every other node is up, every partition in sync, enough replicas and voters without this one.',
      `Stop: ${stop}; then wait for its end, at most ${duration(plan.policy.stopTimeoutMs)}, and for the marker of a clean stop. It is never killed.`,
      `Read ${code(paths.config)} back: the planned content, or it is put there.`,
      `Switch the release, atomically: ${code(`ln -sfn ${release} ${paths.current}`)}.`,
      `Start: ${code(startCommand(outlook))}.`,
      `Check: version and level that run, every replica in sync, gauges, consumer groups; healthy for ${duration(plan.policy.soakMs)} without a break.`,
    ],
  };
};

const secondPhase = (plan: UpgradePlan, { paths }: PlanOutlook, code: Code): OutlookPart[] => {
  if (plan.mode === 'kraft') {
    if (plan.finalization.length === 0) return [];
    const line = `Raise ${plan.finalization.map(({ feature, toName }) => `${feature} to ${toName}`).join(', then ')}; the cluster soaks after each. No node is restarted.`;
    return [{ title: 'Then the features, each behind its gate', steps: false, lines: [line] }];
  }
  const count = plannedOrder(plan, 'protocol').length;
  if (count === 0) return [];
  const setting = `inter.broker.protocol.version=${plan.toProtocol}`;
  const line = `After gate "protocol" the same for ${plural(count, 'broker')} by the same rule: stop, replace ${code(paths.config)} by one with ${code(setting)}, start, check. The release link stays.`;
  return [{ title: 'Then the protocol, a second rolling restart', steps: false, lines: [line] }];
};

const lasts = (plan: UpgradePlan): OutlookPart => {
  const { restarts, features, rolls, totalMs } = expectedDuration(plan);
  const soak = duration(plan.policy.soakMs);
  const soaks = [
    ...(rolls === 0 ? [] : [plural(rolls, 'soak of the whole cluster', 'soaks of the whole cluster')]),
    ...(features === 0 ? [] : [`one after each of ${plural(features, 'feature')}`]),
  ];
  const sum = [`${plural(restarts, 'restart')} × (${duration(assumedRestartMs)} + ${soak} soak)`, ...soaks].join(', ');
  return {
    title: 'How long',
    steps: false,
    lines: [
      `About ${duration(totalMs)}, without the waits for people: ${sum}.`,
      `Assumed: ${duration(assumedRestartMs)} for stop, start and catch-up of each; with many partitions or slow disks it is more. The canary shows it: \`timeline\` has its times.`,
    ],
  };
};

const wayBack = ({ cluster, canary }: UpgradePlan, { paths }: PlanOutlook, code: Code): OutlookPart => {
  const restore = `kafka-upgrade restore ${cluster} --node ${canary}`;
  return {
    title: 'Backups, and how to restore one',
    steps: false,
    lines: [
      `Each host keeps its own in ${code(`${paths.state}/backups/<run-id>/`)}, with its SHA-256 beside it.`,
      `List them: ${code(restore)}.`,
      `Put the newest back: ${code(`${restore} --backup latest`)}.`,
      `It shows the difference and asks first; any label of the list may stand for ${code('latest')}; it is refused while an upgrade holds the host. Both need the definition (${code('--definitions')}) and SSH, as this plan did, neither Temporal nor Kafka.`,
    ],
  };
};

/** The parts after the order; empty for a plan that was made before plans foresaw anything. */
export const outlookParts = (plan: UpgradePlan, code: Code): OutlookPart[] => {
  const { outlook } = plan;
  if (outlook === undefined) return [];
  return [
    beforehand(plan, outlook, code),
    onEachNode(plan, outlook, code),
    ...secondPhase(plan, outlook, code),
    lasts(plan),
    wayBack(plan, outlook, code),
  ];
};
