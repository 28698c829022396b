import type { NodeId } from '../domain/cluster';
import { phaseTitles } from '../domain/upgrade-plan';
import type { PlannedPhase, UpgradePlan } from '../domain/upgrade-plan';
import type { ViewOptions } from './view-options';
import type { Style } from './style';

/** A diff without its two file lines: those hold names of hosts and would keep equal edits apart. */
const body = (diff: string): string[] =>
  diff
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('--- ') && !line.startsWith('+++ '));

/** Brokers by the edit they get: equal edits are shown once. */
const grouped = (plan: UpgradePlan, phase: PlannedPhase): { nodes: NodeId[]; lines: string[] }[] => {
  const groups = new Map<string, { nodes: NodeId[]; lines: string[] }>();
  for (const { nodeId, needed, edit } of plan.steps[phase]) {
    if (!needed) continue;
    const lines = body(edit.diff);
    const group = groups.get(lines.join('\n')) ?? { nodes: [], lines };
    group.nodes.push(nodeId);
    groups.set(lines.join('\n'), group);
  }
  return [...groups.values()];
};

const paintDiff = (line: string, style: Style): string => {
  if (line.startsWith('+')) return style.good(line);
  return line.startsWith('-') ? style.bad(line) : style.quiet(line);
};

const names = (nodes: NodeId[]): string => `broker${nodes.length === 1 ? '' : 's'} ${nodes.join(', ')}`;

const phaseLines = (plan: UpgradePlan, phase: PlannedPhase, style: Style): string[] =>
  grouped(plan, phase).flatMap(({ nodes, lines }) => {
    const title = `  ${phaseTitles[phase]}: ${names(nodes)}`;
    const empty = lines.every((line) => line.trim() === '');
    return empty
      ? [`${title} ${style.quiet('(file already as it must be)')}`]
      : [title, ...lines.map((line) => `    ${paintDiff(line, style)}`)];
  });

/** The edits of server.properties, phase by phase. */
export const changeLines = (plan: UpgradePlan, { style }: ViewOptions): string[] => [
  '',
  style.strong('Changes of server.properties'),
  ...(plan.mode === 'kraft'
    ? ['  none: on KRaft no file holds the level of the cluster']
    : [...phaseLines(plan, 'binaries', style), ...phaseLines(plan, 'protocol', style)]),
];
