/** The page that the web UI shows for the restart of one node: Markdown, from what the restart tells of itself. */
import { evidenceList } from '../common/markdown-text';
import { nodeSteps } from './node-roll';
import type { NodeStepName, RollNodeStatus } from './node-roll';
import { phaseTitlesOf } from '../plan/upgrade-plan';

const meanings: Record<(typeof nodeSteps)[number], string> = {
  restarting: 'measured, stopped in the same step (never killed), release and file changed, started, until it listens',
  'catching-up': 'in every ISR again, gauges at zero, consumer groups moving, soak',
  settled: 'done',
};

const positionOf = (step: NodeStepName): number => nodeSteps.findIndex((name) => name === step);

const markOf = (name: NodeStepName, current: NodeStepName): string => {
  if (name === current) return '▶';
  return positionOf(name) < positionOf(current) ? '✔' : '·';
};

/** Where the restart is, what was seen, and where the figures of a gate that is waited for are. */
export const nodeDetailsMarkdown = ({ nodeId, phase, step, evidence, ...plan }: RollNodeStatus): string =>
  [
    `# Restart of node ${nodeId}: ${phaseTitlesOf(plan)[phase]}`,
    '',
    ...nodeSteps.map((name) => `- ${markOf(name, step)} ${name}: ${meanings[name]}`),
    '',
    'What it does at this moment, and the figures of a gate that is waited for, are the heartbeat details of the pending activity, and in `kafka-upgrade status`.',
    ...(evidence.length === 0 ? [] : ['', '## Seen so far', '', ...evidenceList(evidence)]),
  ].join('\n');
