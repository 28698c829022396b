/**
 * Which levels of a feature does a release run under? A binary that meets a finalized level beyond them does not start, or
 * cannot register ("does not support finalized version N of FEATURE").
 *
 * Source: knowledge/feature-levels, metadata-levels and protocol-levels; ClusterControlManager of Kafka.
 */
import { metadataVersion, otherFeatures } from '../knowledge/feature-levels';
import { metadataLevelName, metadataLevelOf, oldestLevelOf4 } from '../knowledge/metadata-levels';
import { compareVersions, lineOf, requireVersion } from '../cluster/version';
import type { KafkaVersion } from '../cluster/version';
import {
  compareProtocols,
  defaultProtocolOf,
  parseProtocolVersion,
  protocolKey,
  shortProtocol,
} from './protocol-version';

/** The oldest and the newest level of a feature that a release runs under; 0 is "the feature is not there". */
export interface LevelRange {
  oldest: number;
  newest: number;
}

/** The levels of a finalized feature under which this release runs; a feature unknown here is in none of them. */
export const featureRange = (feature: string, release: KafkaVersion): LevelRange => {
  if (feature === metadataVersion)
    return { oldest: release.major >= 4 ? oldestLevelOf4 : 1, newest: metadataLevelOf(lineOf(release)) ?? 0 };
  const known = otherFeatures.find(({ name }) => name === feature);
  if (known === undefined) return { oldest: 0, newest: 0 };
  const runs = compareVersions(release, requireVersion(`${known.runsSince}.0`, 'line')) >= 0;
  return { oldest: 0, newest: runs ? known.level : 0 };
};

/** One level in force (or written for the next start of a broker), and where it was read. */
export interface LevelSeen {
  /** A finalized feature, or inter.broker.protocol.version. */
  feature: string;
  /** As it was read: a number for a feature, `3.8-IV0` for the protocol. */
  level: string;
  where: string;
}

/** A level that a release does not run under. */
export interface LevelBeyond {
  feature: string;
  level: string;
  /** The level as people know it: `3.9-IV0` for metadata.version. */
  name: string;
  /** Everywhere where it was read. */
  where: string[];
  /** What the release does know of it, as the rest of a sentence. */
  known: string;
}

const isMetadata = (feature: string): boolean => feature === metadataVersion;

/** A level in the words of its feature. */
const wordsOf = ({ feature, level }: LevelSeen): string =>
  isMetadata(feature) ? metadataLevelName(Number(level)) : level;

const protocolBeyond = ({ level }: LevelSeen, release: KafkaVersion): string | null => {
  const newest = defaultProtocolOf(release);
  if (newest === null) return 'knows no such setting';
  const seen = parseProtocolVersion(level);
  return seen !== null && compareProtocols(seen, newest) <= 0 ? null : `knows none after ${shortProtocol(newest)}`;
};

const featureBeyond = ({ feature, level }: LevelSeen, release: KafkaVersion): string | null => {
  const { oldest, newest } = featureRange(feature, release);
  const seen = Number(level);
  const named = (number: number): string => (isMetadata(feature) ? metadataLevelName(number) : String(number));
  if (seen < oldest) return `knows none before ${named(oldest)}`;
  if (seen <= newest) return null;
  return newest === 0 ? 'does not know that feature' : `knows none after ${named(newest)}`;
};

/** Those of the levels that this release does not run under, each once. */
export const levelsBeyond = (seen: readonly LevelSeen[], release: string): LevelBeyond[] => {
  const version = requireVersion(release, 'release');
  const found = new Map<string, LevelBeyond>();
  for (const one of seen) {
    const known = one.feature === protocolKey ? protocolBeyond(one, version) : featureBeyond(one, version);
    if (known === null) continue;
    const key = `${one.feature} ${one.level}`;
    const { where = [] } = found.get(key) ?? {};
    found.set(key, { feature: one.feature, level: one.level, name: wordsOf(one), where: [...where, one.where], known });
  }
  return [...found.values()];
};

/** The levels in one line, each once. */
export const levelsInWords = (seen: readonly LevelSeen[]): string[] => {
  const found = new Map<string, string[]>();
  for (const one of seen) {
    const words = `${one.feature} ${wordsOf(one)}`;
    found.set(words, [...(found.get(words) ?? []), one.where]);
  }
  return [...found].map(([words, [first, ...others]]) => {
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return `${words} (${first}${more})`;
  });
};
