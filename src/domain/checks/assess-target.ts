import { blocker, note, warning, type Finding } from './finding';
import { knownBad, type KnownBadRelease } from '../knowledge/known-bad';
import { newestReleaseOf, releaseLine, releaseLines, type ReleaseLine } from '../knowledge/releases';
import { refusedPath } from './refused-path';
import { formatVersion, lineOf, requireVersion, type KafkaVersion } from '../cluster/version';
import type { ClusterMode } from '../cluster/cluster';

/** The newest release of every line that can run with ZooKeeper, oldest first; the last one is the bridge to KRaft. */
const zookeeperReleases = (): string[] =>
  releaseLines.filter(({ zookeeper }) => zookeeper !== 'removed').map(newestReleaseOf);

const defectFindings = (bad: KnownBadRelease | null, target: string, line: ReleaseLine): Finding[] => {
  if (bad === null) return [];
  const choice =
    bad.better === newestReleaseOf(line)
      ? bad.better
      : `${newestReleaseOf(line)} (the defect is gone since ${bad.better})`;
  return [
    warning({
      seen: `The target ${target} has a known defect.`,
      why: bad.problem,
      action: `Choose ${choice}.`,
      source: bad.source,
    }),
  ];
};

const patchFindings = (bad: KnownBadRelease | null, target: KafkaVersion, line: ReleaseLine): Finding[] => {
  const text = formatVersion(target);
  const source = 'artifacts org.apache.kafka:kafka_2.13';
  if (target.patch > line.newestPatch) {
    return [
      warning({
        seen: `The target ${text} is newer than ${newestReleaseOf(line)}, the newest release of its line known here.`,
        why: 'Its defects and notable changes are not known here.',
        action: 'Read its release notes.',
        source,
      }),
    ];
  }
  if (target.patch === line.newestPatch || bad !== null) return [];
  return [
    note({
      seen: `The target ${text} is not the newest release of its line; ${newestReleaseOf(line)} is.`,
      why: 'A later patch holds more fixes and costs the same upgrade.',
      action: `Consider ${newestReleaseOf(line)}.`,
      source,
    }),
  ];
};

/** The newest release of every line that a cluster of this mode may run, oldest first. */
const releasesFor = (mode: ClusterMode): string[] =>
  mode === 'zookeeper'
    ? zookeeperReleases()
    : releaseLines.map(newestReleaseOf).filter((release) => !isBeforeKraft(requireVersion(release, 'release')));

/** KRaft is for production from 3.3 on (KIP-833); what ran it before cannot be upgraded. */
export const isBeforeKraft = ({ major, minor }: KafkaVersion): boolean => major < 3 || (major === 3 && minor < 3);

/** Is this release fit to be the target of a cluster of this mode, and is there a better one of its line? */
export const assessTarget = (target: KafkaVersion, mode: ClusterMode): Finding[] => {
  const text = formatVersion(target);
  const line = releaseLine(lineOf(target));
  const bad = knownBad(text, mode);
  if (mode === 'zookeeper' && target.major >= 4) {
    return [
      refusedPath(
        `The target ${text} has no ZooKeeper mode.`,
        'Kafka 4.0 removed ZooKeeper; a ZooKeeper cluster has to be migrated to KRaft first, and 3.9 is the last line that can do it.',
        `Upgrade to ${zookeeperReleases().slice(-1).join()}, migrate to KRaft there, then go on to ${text}.`,
      ),
    ];
  }
  if (line === null) {
    return [
      refusedPath(
        `The release line of the target ${text} is not known.`,
        'What is not known cannot be checked.',
        `Choose one of ${releasesFor(mode).join(', ')}.`,
      ),
    ];
  }
  if (bad?.kind === 'withdrawn') {
    return [
      blocker('UnsupportedUpgradePath', {
        seen: `The target ${text} is not to be used.`,
        why: bad.problem,
        action: `Choose ${newestReleaseOf(line)}.`,
        source: bad.source,
      }),
    ];
  }
  return [...defectFindings(bad, text, line), ...patchFindings(bad, target, line)];
};
