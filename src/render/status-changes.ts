/** The difference between two looks as lines of a log: the live view of a pipe or a CI job. */
import type { UpgradeLook } from '../client/upgrade-client';
import { phaseTitles } from '../domain/upgrade-plan';
import type { UpgradePhase } from '../domain/upgrade-plan';
import type { NodeStatus } from '../domain/upgrade-status';
import { clock, duration } from './format';

const phases = ['binaries', 'protocol'] as const satisfies UpgradePhase[];

const itemChanges = (before: UpgradeLook | null, after: UpgradeLook): string[] =>
  after.status.items.flatMap(({ item, title, state, detail }) => {
    const earlier = before?.status.items.find((entry) => entry.item === item);
    if (earlier?.state === state || (earlier === undefined && state === 'pending')) return [];
    return [`item ${item} ${state}: ${title}${detail === '' ? '' : ` (${detail})`}`];
  });

const progressWords = (node: NodeStatus, phase: UpgradePhase): string => {
  const { state, detail, timing } = node[phase];
  const words = timing === null ? detail : `${duration(timing.totalMs)}, overhead ${duration(timing.overheadMs)}`;
  return words === '' ? state : `${state} (${words})`;
};

const nodeChanges = (before: UpgradeLook | null, after: UpgradeLook): string[] =>
  after.status.nodes.flatMap((node) =>
    phases.flatMap((phase) => {
      const earlier = before?.status.nodes.find(({ nodeId }) => nodeId === node.nodeId)?.[phase].state ?? 'pending';
      return earlier === node[phase].state
        ? []
        : [`broker ${node.nodeId}, ${phaseTitles[phase]}: ${progressWords(node, phase)}`];
    }),
  );

const stepChanges = (before: UpgradeLook | null, after: UpgradeLook): string[] => {
  const { node } = after.live;
  const earlier = before?.live.node ?? null;
  if (node === null || (earlier?.step === node.step && earlier.nodeId === node.nodeId)) return [];
  return [`broker ${node.nodeId}: ${node.step}`];
};

const phaseChange = (before: UpgradeLook | null, after: UpgradeLook): string[] =>
  before?.status.phase === after.status.phase ? [] : [`${after.status.phase}: ${after.status.message}`];

/** One line per change, each with the time since the start; empty when nothing changed. */
export const statusChanges = (before: UpgradeLook | null, after: UpgradeLook, nowMs: number): string[] =>
  [itemChanges, nodeChanges, stepChanges, phaseChange]
    .flatMap((changes) => changes(before, after))
    .map((line) => `${clock(nowMs - after.status.startedAtMs)}  ${line}`);
