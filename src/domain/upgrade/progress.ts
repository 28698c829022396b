/** How far the rolls and the features of an upgrade are, in nodes and features. */
import type { UpgradePhase } from '../plan/upgrade-plan';
import type { FeatureProgress, NodeProgress } from './upgrade-state';

/** One part of the work. */
export interface PartProgress {
  part: UpgradePhase | 'features';
  done: number;
  of: number;
}

/** Where every node is in every roll, and every feature. */
export interface PlannedWork {
  nodes: readonly { binaries: NodeProgress; protocol: NodeProgress | null; rollback: NodeProgress | null }[];
  features: readonly Pick<FeatureProgress, 'state'>[];
}

type Nodes = PlannedWork['nodes'];

/** Nodes that were what a phase wants before it began are no work. */
const isWork = (progress: NodeProgress | null): progress is NodeProgress =>
  progress !== null && progress.state !== 'skipped';

const isDone = ({ state }: NodeProgress): boolean => state === 'done';

const rollProgress = (nodes: Nodes, part: 'binaries' | 'protocol'): PartProgress => {
  const work = nodes.map((node) => node[part]).filter(isWork);
  return { part, done: work.filter(isDone).length, of: work.length };
};

/** The way back: every node whose binary was touched, or was the new one before. */
const backProgress = (nodes: Nodes): PartProgress => ({
  part: 'rollback',
  done: nodes.filter(({ rollback }) => rollback !== null && isDone(rollback)).length,
  of: nodes.filter(({ binaries, rollback }) => rollback !== null || binaries.state !== 'pending').length,
});

const featureProgress = ({ features }: PlannedWork): PartProgress => ({
  part: 'features',
  done: features.filter(({ state }) => state === 'raised').length,
  of: features.length,
});

/** The parts of an upgrade that have anything to do, in their order; on the way back only that. */
export const upgradeProgress = (work: PlannedWork): PartProgress[] => {
  const { nodes } = work;
  if (nodes.some(({ rollback }) => rollback !== null)) return [backProgress(nodes)];
  return [rollProgress(nodes, 'binaries'), rollProgress(nodes, 'protocol'), featureProgress(work)].filter(
    ({ of }) => of > 0,
  );
};
