import type { NodeId } from '../domain/cluster/cluster';
import { phaseTitlesOf } from '../domain/plan/upgrade-plan';
import type { PlannedPhase, UpgradePlan } from '../domain/plan/upgrade-plan';
import { changesTitle } from './plan-content';
import type { ViewOptions } from './view-options';
import type { Style } from './style';

/** A diff without its two file lines: those hold names of hosts and would keep equal edits apart. */
const body = (diff: string): string[] =>
  diff
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('--- ') && !line.startsWith('+++ '));

/** An edit and the brokers that get it. */
export interface GroupedEdit {
  nodes: NodeId[];
  /** Of the diff, without its two file lines; one empty line where the file already is as it must be. */
  lines: string[];
}

/** Brokers by the edit they get: equal edits are shown once. */
export const groupedEdits = (plan: UpgradePlan, phase: PlannedPhase): GroupedEdit[] => {
  const groups = new Map<string, GroupedEdit>();
  for (const { nodeId, needed, edit } of plan.steps[phase]) {
    if (!needed) continue;
    const lines = body(edit.diff);
    const group = groups.get(lines.join('\n')) ?? { nodes: [], lines };
    group.nodes.push(nodeId);
    groups.set(lines.join('\n'), group);
  }
  return [...groups.values()];
};

/** A line of a unified diff in its colour. */
export const paintDiff = (line: string, style: Style): string => {
  if (line.startsWith('+')) return style.good(line);
  return line.startsWith('-') ? style.bad(line) : style.quiet(line);
};

const names = (nodes: NodeId[]): string => `broker${nodes.length === 1 ? '' : 's'} ${nodes.join(', ')}`;

/** What is edited for, and on which brokers. */
export const editTitle = (plan: UpgradePlan, phase: PlannedPhase, nodes: NodeId[]): string =>
  `${phaseTitlesOf(plan)[phase]}: ${names(nodes)}`;

/** Does the file stay as it is? */
export const isEmpty = (lines: readonly string[]): boolean => lines.every((line) => line.trim() === '');

/** In the place of an empty diff. */
export const unchangedWords = 'file already as it must be';

/** In the place of all diffs of a KRaft cluster. */
export const noEditsWords = 'none: on KRaft no file holds the level of the cluster';

const phaseLines = (plan: UpgradePlan, phase: PlannedPhase, style: Style): string[] =>
  groupedEdits(plan, phase).flatMap(({ nodes, lines }) => {
    const title = `  ${editTitle(plan, phase, nodes)}`;
    return isEmpty(lines)
      ? [`${title} ${style.quiet(`(${unchangedWords})`)}`]
      : [title, ...lines.map((line) => `    ${paintDiff(line, style)}`)];
  });

/** The edits of server.properties, phase by phase. */
export const changeLines = (plan: UpgradePlan, { style }: ViewOptions): string[] => [
  '',
  style.strong(changesTitle),
  ...(plan.mode === 'kraft'
    ? [`  ${noEditsWords}`]
    : [...phaseLines(plan, 'binaries', style), ...phaseLines(plan, 'protocol', style)]),
];
