/** Do the consumer groups go on? The check of a gate, over the verdict on the groups (domain/lag). */
import { groupAcceptance } from '../lag/accepted-groups';
import type { LagAssessment } from '../lag/lag';
import { failed, inconclusive, successful } from './gate';
import type { GateCheck } from './gate';

const name = 'consumer groups';

/** Evidence must stay bounded. */
const mostSentences = 5;

const heldOf = ({ stalled, growing, rising, waiting, notMeasured }: LagAssessment): string[] => [
  ...stalled,
  ...growing,
  ...rising,
  ...waiting,
  ...notMeasured,
];

/** Successful when every group has come through, those aside that were accepted by name. */
export const checkGroups = (assessment: LagAssessment): GateCheck => {
  const { settled, stalled, growing, sentences, groups } = assessment;
  const words = sentences.slice(0, mostSentences).join('; ');
  if (settled) return successful(name, `${groups.length} consumer groups go on${words === '' ? '' : `; ${words}`}`);
  const check = stalled.length + growing.length > 0 ? failed(name, words) : inconclusive(name, words);
  const acceptable = heldOf(assessment).map(groupAcceptance);
  return acceptable.length === 0 ? check : { ...check, acceptable };
};
