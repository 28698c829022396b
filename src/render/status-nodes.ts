import type { LiveDetails } from '../client/live-details';
import { phaseTitlesOf } from '../domain/plan/upgrade-plan';
import type { UpgradePhase } from '../domain/plan/upgrade-plan';
import type { NodeProgress } from '../domain/upgrade/upgrade-state';
import type { NodeStatus } from '../domain/upgrade/upgrade-status';
import { fitColumns } from './fit-columns';
import { duration, shorten } from './format';
import type { StatusViewInput, ViewOptions } from './view-options';
import { stateMark, statePaint } from './style';
import type { Style } from './style';

const detailWidth = 34;

const rollingWords = (progress: NodeProgress, live: LiveDetails, nowMs: number): string => {
  const { node } = live;
  if (node === null) return progress.detail === '' ? 'rolling' : progress.detail;
  return `${node.step} ${duration(Math.max(0, nowMs - node.sinceMs))}`;
};

const stateWords = (progress: NodeProgress): string => {
  switch (progress.state) {
    case 'done':
      return progress.timing === null ? 'done' : `done in ${duration(progress.timing.totalMs)}`;
    case 'skipped':
      return 'nothing to do';
    case 'pending':
      return 'pending';
    case 'parked':
      return `parked: ${progress.detail}`;
    case 'rolling':
      return 'rolling';
  }
};

const cell = (
  node: NodeStatus,
  phase: UpgradePhase,
  { live, nowMs, style }: Pick<StatusViewInput, 'live' | 'nowMs'> & { style: Style },
): string => {
  const progress = node[phase];
  if (progress === null) return '';
  const isHere = live.node?.nodeId === node.nodeId && live.node.phase === phase;
  const words =
    progress.state === 'rolling'
      ? rollingWords(progress, isHere ? live : { activities: [], node: null }, nowMs)
      : stateWords(progress);
  return `${stateMark(progress.state, style)} ${statePaint(progress.state, style)(shorten(words, detailWidth))}`;
};

interface Column {
  phase: UpgradePhase;
  title: string;
}

/** KRaft has no second roll, and most upgrades none back. */
const columnsOf = (status: StatusViewInput['status']): Column[] => {
  const { mode, nodes, downgrade } = status;
  const phases: UpgradePhase[] = [
    'binaries',
    ...(mode === 'kraft' || downgrade === true ? [] : (['protocol'] as const)),
    ...(nodes.some(({ rollback }) => rollback !== null) ? (['rollback'] as const) : []),
  ];
  return phases.map((phase) => ({ phase, title: phaseTitlesOf(status)[phase] }));
};

/** In a low window only the node that something happens to is shown, where there are many. */
const fewNodes = 6;

const currentNodes = (nodes: NodeStatus[]): NodeStatus[] =>
  nodes.length <= fewNodes
    ? nodes
    : nodes.filter((node) =>
        [node.binaries, node.protocol, node.rollback].some(
          (progress) => progress?.state === 'rolling' || progress?.state === 'parked',
        ),
      );

/** The table of nodes with where each is in every roll. */
export const nodeLines = (input: StatusViewInput, { style, width }: ViewOptions): string[] => {
  const { status, live, nowMs } = input;
  if (status.nodes.length === 0) return [];
  const kraft = status.mode === 'kraft';
  const phases = columnsOf(status);
  const head = [kraft ? 'node' : 'broker', 'host', ...(kraft ? ['roles'] : []), ...phases.map(({ title }) => title)];
  const shown = input.compact === true ? currentNodes(status.nodes) : status.nodes;
  const rows = shown.map((node) => [
    String(node.nodeId),
    node.address,
    ...(kraft ? [node.roles.join(', ')] : []),
    ...phases.map(({ phase }) => cell(node, phase, { live, nowMs, style })),
  ]);
  const left = status.nodes.length - shown.length;
  return [
    ...fitColumns({ rows: [head.map(style.quiet), ...rows], optional: kraft ? [1, 2] : [1] }, width),
    ...(left === 0 ? [] : [style.quiet(`  and ${left} more`)]),
  ];
};
