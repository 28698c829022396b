import type { HostFacts } from './cluster';

/** A release at its place on a host; null when it is not there. */
export type FoundRelease = HostFacts['targetRelease'];

/** Where a release must be, by `paths.releases` of the definition. */
export const releaseDirectory = (releases: string, version: string): string =>
  releases.replaceAll('{version}', version);

/** What is wrong at the place of a release; null when the link can be switched to it. */
export const releaseProblem = (release: FoundRelease, releases: string, version: string): string | null => {
  if (release?.version === version) return null;
  const found = release === null ? 'is not there' : `holds version ${release.version ?? 'unknown'}`;
  return `${releaseDirectory(releases, version)} ${found}`;
};
