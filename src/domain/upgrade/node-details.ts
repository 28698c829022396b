/** The page that the web UI shows for the restart of one node: Markdown, from what the restart tells of itself. */
import { evidenceList } from '../common/markdown-text';
import { nodeSteps } from './node-roll';
import type { NodeStepName, RollNodeStatus } from './node-roll';
import { phaseTitlesOf } from '../plan/upgrade-plan';

const meanings: Record<NodeStepName, string> = {
  stopping: 'measured once more, then stopped in the same step; it is never killed',
  configuring: 'server.properties first, read back, then the release link',
  starting: 'until it listens; log recovery is waited for',
  'catching-up': 'in every ISR again, gauges at zero, consumer groups moving, soak',
  settled: 'done',
  restoring: 'it did not come up: the old release is put back',
};

/** A step that went wrong has none behind it. */
const positionOf = (step: NodeStepName): number => (step === 'restoring' ? -1 : nodeSteps.indexOf(step));

const markOf = (name: NodeStepName, current: NodeStepName): string => {
  if (name === current) return '▶';
  return positionOf(name) < positionOf(current) ? '✔' : '·';
};

const stepLine = (name: NodeStepName, current: NodeStepName): string =>
  `- ${markOf(name, current)} ${name}: ${meanings[name]}`;

const shownSteps = (current: NodeStepName): readonly NodeStepName[] =>
  current === 'restoring' ? [...nodeSteps, current] : nodeSteps;

/** Where the restart is, what was seen, and where the figures of a gate that is waited for are. */
export const nodeDetailsMarkdown = ({ nodeId, phase, step, evidence, ...plan }: RollNodeStatus): string =>
  [
    `# Restart of node ${nodeId}: ${phaseTitlesOf(plan)[phase]}`,
    '',
    ...shownSteps(step).map((name) => stepLine(name, step)),
    '',
    'While a gate is waited for, its figures of this moment are the heartbeat details of the pending activity, and in `kafka-upgrade status`.',
    ...(evidence.length === 0 ? [] : ['', '## Seen so far', '', ...evidenceList(evidence)]),
  ].join('\n');
