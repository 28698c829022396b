/** The difference between two looks as lines of a log: the live view of a pipe or a CI job. */
import type { UpgradeLook } from '../client/upgrade-client';
import { phaseTitlesOf } from '../domain/plan/upgrade-plan';
import type { UpgradePhase } from '../domain/plan/upgrade-plan';
import { nodeWords } from '../domain/cluster/node-words';
import type { NodeProgress } from '../domain/upgrade/upgrade-state';
import type { StatusPhase } from '../domain/upgrade/upgrade-status';
import { clock, duration } from './format';
import { retryWords } from './status-gate';
import { doneCount, doneWords, leftWords } from './status-progress';

const phases = ['binaries', 'protocol', 'rollback'] as const satisfies UpgradePhase[];

const itemChanges = (before: UpgradeLook | null, after: UpgradeLook): string[] =>
  after.status.items.flatMap(({ item, title, state, detail }) => {
    const earlier = before?.status.items.find((entry) => entry.item === item);
    if (earlier?.state === state || (earlier === undefined && state === 'pending')) return [];
    return [`item ${item} ${state}: ${title}${detail === '' ? '' : ` (${detail})`}`];
  });

const progressWords = ({ state, detail, timing }: NodeProgress): string => {
  const words = timing === null ? detail : `${duration(timing.totalMs)}, overhead ${duration(timing.overheadMs)}`;
  return words === '' ? state : `${state} (${words})`;
};

const nodeChanges = (begins: boolean, before: UpgradeLook | null, after: UpgradeLook): string[] =>
  after.status.nodes.flatMap((node) =>
    phases.flatMap((phase) => {
      const progress = node[phase];
      const earlier = before?.status.nodes.find(({ nodeId }) => nodeId === node.nodeId)?.[phase]?.state ?? 'pending';
      return progress === null || earlier === progress.state || begins !== (progress.state === 'rolling')
        ? []
        : [`${nodeWords(node.roles, node.nodeId)}, ${phaseTitlesOf(after.status)[phase]}: ${progressWords(progress)}`];
    }),
  );

const featureChanges = (before: UpgradeLook | null, after: UpgradeLook): string[] =>
  after.status.features.flatMap(({ step, state, detail }) => {
    const earlier = before?.status.features.find((entry) => entry.step.feature === step.feature)?.state ?? 'pending';
    return earlier === state ? [] : [`${step.feature} ${state}: ${detail}`];
  });

const stepChanges = (before: UpgradeLook | null, after: UpgradeLook): string[] => {
  const { node } = after.live;
  const earlier = before?.live.node ?? null;
  if (node === null || (earlier?.step === node.step && earlier.nodeId === node.nodeId)) return [];
  const roles = after.status.nodes.find(({ nodeId }) => nodeId === node.nodeId)?.roles ?? ['broker'];
  return [`${nodeWords(roles, node.nodeId)}: ${node.step}`];
};

/** Each failure of a step that is tried again, once however often it is the same. */
const retryChanges = (before: UpgradeLook | null, after: UpgradeLook): string[] =>
  after.live.activities.flatMap((activity) => {
    const { name, lastFailure } = activity;
    const known = before?.live.activities.some((entry) => entry.name === name && entry.lastFailure === lastFailure);
    const words = retryWords(activity);
    return known === true || lastFailure === null || words === null ? [] : [`${name}, ${words.replace(/\s+/g, ' ')}`];
  });

/** How far it is, whenever a node or a feature is done. */
const progressChange = (before: UpgradeLook | null, after: UpgradeLook, nowMs: number): string[] => {
  if (before === null || doneCount(after.status) <= doneCount(before.status)) return [];
  const left = leftWords(after, nowMs);
  return [`progress: ${doneWords(after.status)}${left === '' ? '' : `; left: ${left}`}`];
};

/** While it runs, items and brokers tell more than the phase does. */
const runs: readonly StatusPhase[] = [
  'planning',
  'preparing',
  'rolling-binaries',
  'rolling-protocol',
  'finalizing',
  'verifying',
];

const phaseChange = (before: UpgradeLook | null, after: UpgradeLook): string[] => {
  const { phase, message } = after.status;
  return before?.status.phase === phase || runs.includes(phase) ? [] : [`${phase}: ${message}`];
};

const endingChange = (before: UpgradeLook | null, { status, ending }: UpgradeLook): string[] =>
  ending === null || status.outcome !== null || (before?.ending ?? null) !== null
    ? []
    : [`${ending.outcome}: ${ending.message}`];

/** One line per change, each with the time since the start; empty when nothing changed. */
export const statusChanges = (before: UpgradeLook | null, after: UpgradeLook, nowMs: number): string[] =>
  [
    // What ended comes before what its end made possible.
    ...nodeChanges(false, before, after),
    ...itemChanges(before, after),
    ...featureChanges(before, after),
    ...progressChange(before, after, nowMs),
    ...nodeChanges(true, before, after),
    ...stepChanges(before, after),
    ...retryChanges(before, after),
    ...phaseChange(before, after),
    ...endingChange(before, after),
  ].map((line) => `${clock(nowMs - after.status.startedAtMs)}  ${line}`);
