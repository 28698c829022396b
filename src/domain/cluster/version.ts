import { UpgradeError } from '../common/failure';

/** A Kafka release, `major.minor.patch` with a fourth number for vendor builds such as `2.8.2.1`. */
export interface KafkaVersion {
  major: number;
  minor: number;
  patch: number;
  /** The fourth number; null when the release has three. */
  build: number | null;
}

const number = '(0|[1-9]\\d{0,8})';
const releasePattern = new RegExp(`^${number}\\.${number}\\.${number}(?:\\.${number})?$`);

/** Reads `3.7.2` or `2.8.2.1`; null for anything else, also for release candidates, snapshots and vendor suffixes. */
export const parseVersion = (text: string): KafkaVersion | null => {
  const match = releasePattern.exec(text);
  if (match === null) return null;
  const [, major, minor, patch, build] = match;
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    build: build === undefined ? null : Number(build),
  };
};

const whyNotARelease = (text: string): string => {
  if (/^\d+\.\d+$/.test(text)) return 'it names a release line, not a release; add the patch number';
  if (/^v\d/i.test(text)) return 'leave out the leading "v"';
  if (text !== text.trim()) return 'it has spaces around it';
  const suffix = /^\d+(?:\.\d+){2,3}(?<suffix>\D.*)$/.exec(text)?.groups?.['suffix'];
  if (suffix !== undefined)
    return `"${suffix}" is not part of a release: candidates, snapshots and vendor builds are refused`;
  return 'a release looks like 3.8.1';
};

/** Reads a release that must be one; throws `InvalidRequest` that says what is wrong with it. `what` names it. */
export const requireVersion = (text: string, what: string): KafkaVersion => {
  const version = parseVersion(text);
  if (version !== null) return version;
  throw new UpgradeError('InvalidRequest', `The ${what} "${text}" is not a Kafka release: ${whyNotARelease(text)}.`);
};

/** Negative when `a` is older than `b`, zero when equal; a missing fourth number counts as 0. */
export const compareVersions = (a: KafkaVersion, b: KafkaVersion): number =>
  a.major - b.major || a.minor - b.minor || a.patch - b.patch || (a.build ?? 0) - (b.build ?? 0);

/** The oldest of these releases; undefined when none of them can be read. */
export const oldestOf = (texts: readonly string[]): KafkaVersion | undefined =>
  texts
    .map(parseVersion)
    .filter((version) => version !== null)
    .sort(compareVersions)
    .at(0);

/** Is the first of these releases older than the second? False when one of them cannot be read. */
export const isOlderRelease = (a: string, b: string): boolean => {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  return left !== null && right !== null && compareVersions(left, right) < 0;
};

/** Is this target older than what some node runs: does the way lead down? */
export const leadsDown = (sources: readonly string[], target: string): boolean =>
  sources.some((source) => isOlderRelease(target, source));

/**
 * The release that the nodes come from on the way to this target: the oldest that runs, on the way down the newest; the target
 * itself without nodes.
 */
export const releaseLeft = (sources: readonly string[], target: string): string => {
  const down = leadsDown(sources, target);
  const [first = target, ...others] = sources;
  return others.reduce((best, one) => {
    const further = down ? isOlderRelease(best, one) : isOlderRelease(one, best);
    return further ? one : best;
  }, first);
};

/** Are both of the same release line, so that a change between them is a patch? */
export const sameMinor = (a: KafkaVersion, b: KafkaVersion): boolean => a.major === b.major && a.minor === b.minor;

/** The release as Kafka writes it, for example `3.7.2`. */
export const formatVersion = (version: KafkaVersion): string =>
  [version.major, version.minor, version.patch, ...(version.build === null ? [] : [version.build])].join('.');

/** The release line of a release, for example `3.7`. */
export const lineOf = (version: Pick<KafkaVersion, 'major' | 'minor'>): string => `${version.major}.${version.minor}`;
