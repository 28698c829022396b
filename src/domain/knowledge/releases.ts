/** What a release line asks of a host, and what is still to be had of it. */
export interface ReleaseLine {
  /** Release line, for example `3.7`. */
  line: string;
  /** Number of the newest patch known here; all lower ones exist (but see known-bad.ts). */
  newestPatch: number;
  /** Can it run with ZooKeeper? */
  zookeeper: 'supported' | 'deprecated' | 'removed';
  java: {
    /** Older Java does not start a broker: `minJavaVersion` / `minNonClientJavaVersion` in build.gradle of the tag. */
    minimum: number;
    /** Java versions that the documentation of the line names as supported. */
    documented: number[];
  };
}

const java8 = { minimum: 8, documented: [8, 11] };
const java8To17 = { minimum: 8, documented: [8, 11, 17] };
const java17To23 = { minimum: 17, documented: [17, 21, 23] };
const java17To25 = { minimum: 17, documented: [17, 21, 25] };

/**
 * Every release line that this product knows, oldest first.
 *
 * Sources: docs/upgrade.html and build.gradle at the tags of each line; the artifacts `org.apache.kafka:kafka_2.13` for
 * the patches. ZooKeeper: deprecated in 3.5, removed in 4.0 (KIP-833). Java: KIP-750 (8 deprecated), KIP-1013 (17 for
 * brokers in 4.0).
 */
export const releaseLines: readonly ReleaseLine[] = [
  { line: '2.8', newestPatch: 2, zookeeper: 'supported', java: java8 },
  { line: '3.0', newestPatch: 2, zookeeper: 'supported', java: java8 },
  { line: '3.1', newestPatch: 2, zookeeper: 'supported', java: java8To17 },
  { line: '3.2', newestPatch: 3, zookeeper: 'supported', java: java8To17 },
  { line: '3.3', newestPatch: 2, zookeeper: 'supported', java: java8To17 },
  { line: '3.4', newestPatch: 1, zookeeper: 'supported', java: java8To17 },
  { line: '3.5', newestPatch: 2, zookeeper: 'deprecated', java: java8To17 },
  { line: '3.6', newestPatch: 2, zookeeper: 'deprecated', java: java8To17 },
  { line: '3.7', newestPatch: 2, zookeeper: 'deprecated', java: java8To17 },
  { line: '3.8', newestPatch: 1, zookeeper: 'deprecated', java: java8To17 },
  { line: '3.9', newestPatch: 2, zookeeper: 'deprecated', java: java8To17 },
  { line: '4.0', newestPatch: 2, zookeeper: 'removed', java: java17To23 },
  { line: '4.1', newestPatch: 2, zookeeper: 'removed', java: java17To23 },
  { line: '4.2', newestPatch: 1, zookeeper: 'removed', java: java17To25 },
  { line: '4.3', newestPatch: 1, zookeeper: 'removed', java: java17To25 },
];

/** What is known about a release line such as `3.7`; null when it is unknown here. */
export const releaseLine = (name: string): ReleaseLine | null =>
  releaseLines.find((candidate) => candidate.line === name) ?? null;

/** The newest release of a line known here, for example `3.7.2`. */
export const newestReleaseOf = (line: ReleaseLine): string => `${line.line}.${line.newestPatch}`;
