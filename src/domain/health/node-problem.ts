import type { FailureType } from '../common/failure';

/** What can be wrong with a node when a phase is closed, the gravest first: the type of the failure is that of the gravest. */
const byGravity = ['WrongRelease', 'WrongProtocol', 'ConfigDrift', 'NodeUnhealthy'] as const satisfies FailureType[];

/** A node is not what its phase made of it. */
export interface NodeProblem {
  type: (typeof byGravity)[number];
  /** Which node, what was seen, and what was planned. */
  message: string;
}

/** What a look at every node comes to; null when all are as planned. */
export const gravestProblem = (problems: readonly NodeProblem[]): NodeProblem | null => {
  const type = byGravity.find((grave) => problems.some((problem) => problem.type === grave));
  if (type === undefined) return null;
  const words = problems.map(({ message }) => message).join('; ');
  return { type, message: `Not every node is as planned: ${words}.` };
};
