/**
 * May a node be put onto an older release now? Only while every level in force is one that the older release runs under, as
 * *read* right before: levels can be raised by hand at any time. What cannot be read is not well.
 *
 *   1. KRaft: the finalized features, by the node that knows the newest of them.
 *   2. ZooKeeper: inter.broker.protocol.version that each broker *speaks*, and what its file says for its next start.
 *
 * Source: KIP-584; Kafka documentation, "Upgrading"; tried on 3.7.2 to 3.9.2.
 */
import { levelsBeyond, levelsInWords } from '../levels/known-levels';
import type { LevelBeyond, LevelSeen } from '../levels/known-levels';
import { failed, inconclusive, someOf, successful } from './gate';
import type { GateCheck, GateVerdict } from './gate';

/** What was read of the levels in force. */
export interface LevelsRead {
  levels: LevelSeen[];
  /** What could not be read: of whom, and why. */
  unread: string[];
}

const name = 'levels in force';

/** A level that forbids a release, in a sentence. */
export const beyondWords = ({ feature, name: level, where, known }: LevelBeyond, release: string): string =>
  `${feature} is ${level} (read from ${someOf(where, 3)}), and ${release} ${known}`;

/** Each holds commas of its own. */
const sentences = (all: readonly string[]): string => {
  const left = all.length - 3;
  return [...all.slice(0, 3), ...(left > 0 ? [`and ${left} more`] : [])].join('; ');
};

/** Does this release run under every level that is in force? */
export const checkLevels = ({ levels, unread }: LevelsRead, release: string): GateCheck => {
  const beyond = levelsBeyond(levels, release);
  if (beyond.length > 0) return failed(name, sentences(beyond.map((one) => beyondWords(one, release))));
  if (unread.length > 0) return inconclusive(name, `the levels in force cannot be read: ${sentences(unread)}`);
  return successful(name, `${release} knows every level in force: ${someOf(levelsInWords(levels))}`);
};

/** The verdict of a gate that lets a node be stopped, with the levels as one more check. */
export const withLevels = (verdict: GateVerdict, levels: GateCheck): GateVerdict => ({
  status: levels.status,
  message: levels.status === 'successful' ? `${verdict.message}; ${levels.message}` : levels.message,
  checks: [...verdict.checks, levels],
});

/** Is a level why this gate is closed? Waiting does not open it. */
export const forbiddenByLevels = ({ checks }: Pick<GateVerdict, 'checks'>): boolean =>
  checks.some((check) => check.name === name && check.status === 'failed');
