/**
 * What does a person accept who names names and patterns?
 *
 *   1. A name stands for itself, as it is written, spaces around it aside.
 *   2. A pattern (`*` is a wildcard) stands for the topics of the plan that it fits. It is frozen to them: what is accepted
 *      is a list of names, and a topic that is made later is not on it.
 *   3. What is no topic (a quorum without majority, clients that are cut off) is never meant by a pattern.
 */
import { oldClientAcceptance } from '../checks/client-checks';
import { anyMatcher } from '../common/pattern';
import { quorumAcceptance } from '../health/assess-quorum';

const noTopics: ReadonlySet<string> = new Set([quorumAcceptance, oldClientAcceptance]);

/** Longer than any topic (249 characters), and short enough to be tried on many. */
const longestPattern = 300;

/** The names out of `wanted` that these words accept, in their order. */
export const acceptedOf = (wanted: readonly string[], words: readonly string[]): string[] => {
  const spoken = new Set(words.flatMap((word) => [word, word.trim()]));
  const patterns = words.map((word) => word.trim()).filter((word) => word.length <= longestPattern);
  const fits = anyMatcher(patterns);
  return wanted.filter((name) => spoken.has(name) || (!noTopics.has(name) && fits(name)));
};
