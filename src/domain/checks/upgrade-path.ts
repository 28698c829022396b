import { assessJava, type HostJava } from './assess-java';
import { assessTarget, isBeforeKraft } from './assess-target';
import type { ClusterMode } from '../cluster/cluster';
import { note, type Finding } from './finding';
import { notableChanges, type NotableChange } from '../knowledge/notable-changes';
import { newestReleaseOf, releaseLine, releaseLines } from '../knowledge/releases';
import { compareProtocols, defaultProtocolOf, parseProtocolVersion } from '../levels/protocol-version';
import { checkDowngrade } from './downgrade-checks';
import type { LevelSeen } from '../levels/known-levels';
import { refusedPath } from './refused-path';
import {
  compareVersions,
  formatVersion,
  isOlderRelease,
  lineOf,
  oldestOf,
  parseVersion,
  requireVersion,
  type KafkaVersion,
} from '../cluster/version';

/** What the assessment of an upgrade path needs to know. */
export interface PathInput {
  mode: ClusterMode;
  /** The release that each node runs. */
  sources: readonly string[];
  target: string;
  /** KRaft: is any feature left to be raised? Undefined in ZooKeeper mode, where the protocols tell. */
  levelsLeft?: boolean | undefined;
  /** The levels in force, which an older target has to know. */
  levels: readonly LevelSeen[];
  /** inter.broker.protocol.version of each node as it runs; left out: it is not judged whether anything is left to do. */
  protocols?: readonly string[];
  javaVersions: readonly HostJava[];
}

/** May a cluster go from these releases to that one? `ok` is false when a finding is a blocker. */
export interface PathAssessment {
  ok: boolean;
  findings: Finding[];
}

const checkDirection = (
  { mode, levels }: PathInput,
  sources: readonly KafkaVersion[],
  target: KafkaVersion,
): Finding[] => {
  const distinct = new Set([...sources].sort(compareVersions).map(formatVersion));
  const others = [...distinct].filter((source) => source !== formatVersion(target));
  if (others.length > 1) {
    return [
      refusedPath(
        `The nodes run ${others.join(' and ')}, and none of these is the target ${formatVersion(target)}.`,
        'An upgrade goes from one release to another; of three at once nobody has tested that they work together.',
        `Bring all nodes to one release first, for example to ${others.slice(-1).join()} with that as the target.`,
      ),
    ];
  }
  const [left] = others;
  const down = left !== undefined && isOlderRelease(formatVersion(target), left);
  return [
    ...(down ? checkDowngrade(levels, { left, target: formatVersion(target), mode }) : []),
    ...(left !== undefined && distinct.size === 2
      ? [
          note({
            seen: `Some nodes already run ${formatVersion(target)}, the others ${others.join()}.`,
            why: 'An earlier upgrade was not finished.',
            action: 'Nothing: nodes that are done are checked and passed over.',
            source: 'app-info Version of each broker',
          }),
        ]
      : []),
  ];
};

const parsed = (versions: readonly string[]): KafkaVersion[] =>
  versions.map(parseVersion).filter((version) => version !== null);

const checkReadable = (sources: readonly string[]): Finding[] => {
  const unreadable = [...new Set(sources)].filter((source) => parseVersion(source) === null);
  return unreadable.length === 0
    ? []
    : [
        refusedPath(
          `The cluster runs ${unreadable.join(' and ')}, which is no release of Apache Kafka.`,
          'Builds of vendors, candidates and snapshots have rules of their own.',
          'Bring every node to a release of Apache Kafka first, by the rules of that build.',
        ),
      ];
};

const checkOrigin = (sources: readonly KafkaVersion[]): Finding[] => {
  const [oldest] = releaseLines;
  const unknown = [...new Set(sources.filter((source) => releaseLine(lineOf(source)) === null).map(formatVersion))];
  return unknown.length === 0 || oldest === undefined
    ? []
    : [
        refusedPath(
          `The cluster runs ${unknown.join(' and ')}, of a release line that is not known.`,
          'What is not known cannot be checked.',
          `Upgrade by hand to ${newestReleaseOf(oldest)} or a later known release first.`,
        ),
      ];
};

const checkKraftOrigin = ({ mode }: PathInput, sources: readonly KafkaVersion[]): Finding[] => {
  const early = [...new Set(sources.filter(isBeforeKraft).map(formatVersion))];
  return mode === 'zookeeper' || early.length === 0
    ? []
    : [
        refusedPath(
          `The KRaft cluster runs ${early.join(' and ')}.`,
          'Before 3.3 KRaft was a preview, and no upgrade of it is supported.',
          'Build a new cluster on a current release and move the data there.',
        ),
      ];
};

/** Is only the second phase left, or not even that? Undefined when the levels were not asked for. */
const levelsAreLeft = ({ levelsLeft, protocols }: PathInput, target: KafkaVersion): boolean | undefined => {
  if (levelsLeft !== undefined) return levelsLeft;
  const goal = defaultProtocolOf(target);
  if (goal === null || protocols === undefined) return undefined;
  return !protocols.map(parseProtocolVersion).every((level) => level !== null && compareProtocols(level, goal) >= 0);
};

const checkAnythingToDo = (input: PathInput, sources: readonly KafkaVersion[], target: KafkaVersion): Finding[] => {
  const done = sources.filter((source) => compareVersions(source, target) === 0);
  if (done.length === 0 || done.length < input.sources.length) return [];
  const left = levelsAreLeft(input, target);
  if (left === undefined) return [];
  return !left
    ? [
        refusedPath(
          `All nodes run ${input.target} at its own ${input.mode === 'kraft' ? 'feature levels' : 'protocol'} already.`,
          'There is nothing to upgrade.',
          'Choose a newer target.',
        ),
      ]
    : [
        note({
          seen: `All nodes run ${input.target} already, but not at its own ${input.mode === 'kraft' ? 'feature levels' : 'protocol'}.`,
          why: 'Only the second phase is left.',
          action: 'Nothing: phase 1 checks every node and restarts none that is done.',
          source: 'what each node runs',
        }),
      ];
};

/**
 * Judges an upgrade path by the release knowledge: direction, known lines, ZooKeeper's end, releases to pass over, half
 * done upgrades, Java. Refusals are blockers of type `UnsupportedUpgradePath`; a target that cannot be parsed throws
 * `InvalidRequest`.
 */
export const assessPath = (input: PathInput): PathAssessment => {
  const target = requireVersion(input.target, 'target');
  const sources = parsed(input.sources);
  const findings = [
    ...assessTarget(target, input.mode),
    ...checkKraftOrigin(input, sources),
    ...checkReadable(input.sources),
    ...checkOrigin(sources),
    ...checkDirection(input, sources, target),
    ...checkAnythingToDo(input, sources, target),
    ...assessJava(input.javaVersions, target),
  ];
  return { ok: findings.every(({ severity }) => severity !== 'blocker'), findings };
};

const isBetween = ({ since, until }: NotableChange, source: KafkaVersion, target: KafkaVersion): boolean => {
  const [first, fixed] = [parseVersion(since), until === null ? null : parseVersion(until)];
  return (
    first !== null &&
    compareVersions(source, first) < 0 &&
    compareVersions(first, target) <= 0 &&
    (fixed === null || compareVersions(target, fixed) < 0)
  );
};

/**
 * What changes for an operator between the oldest of the source releases and the target, oldest first, for its
 * mode. Sources that cannot be parsed are left out; such a target throws `InvalidRequest`.
 */
export const releaseNotesBetween = (sources: readonly string[], target: string, mode: ClusterMode): NotableChange[] => {
  const to = requireVersion(target, 'target');
  const oldest = oldestOf(sources);
  if (oldest === undefined) return [];
  return notableChanges.filter((change) => (change.mode ?? mode) === mode && isBetween(change, oldest, to));
};
