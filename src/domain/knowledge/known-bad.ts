import type { ClusterMode } from '../cluster/cluster';

/** A release that should not be the target of an upgrade. */
export interface KnownBadRelease {
  /** The release as it is written. */
  release: string;
  /** `withdrawn`: never meant to be used, refused. `defect`: a warning. */
  kind: 'withdrawn' | 'defect';
  /** The mode that it concerns; left out: both. */
  mode?: ClusterMode;
  /** What goes wrong, for whom. */
  problem: string;
  /** The oldest release of the same line without it. */
  better: string;
  source: string;
}

const downloads = 'downloads page of kafka.apache.org';

/** Releases to pass over, oldest first. */
export const knownBadReleases: readonly KnownBadRelease[] = [
  {
    release: '3.2.2',
    kind: 'withdrawn',
    problem: 'The downloads page says that it is not recommended.',
    better: '3.2.3',
    source: downloads,
  },
  {
    release: '3.3.0',
    kind: 'withdrawn',
    problem: 'It was not announced; the line begins with 3.3.1.',
    better: '3.3.1',
    source: downloads,
  },
  {
    release: '3.5.0',
    kind: 'defect',
    problem:
      'During a rolling upgrade of the brokers a partition may end up with an empty ISR, and producer ids may be given out twice.',
    better: '3.5.2',
    source: 'KAFKA-15353, KAFKA-15552',
  },
  {
    release: '3.5.1',
    kind: 'defect',
    problem:
      'During a rolling upgrade of the brokers a partition may end up with an empty ISR, and producer ids may be given out twice.',
    better: '3.5.2',
    source: 'KAFKA-15353, KAFKA-15552',
  },
  {
    release: '3.6.0',
    kind: 'defect',
    problem: 'Transactional producers with compression get InvalidRecordException.',
    better: '3.6.1',
    source: 'docs/upgrade.html 3.6.1, notable changes',
  },
  {
    release: '3.7.0',
    kind: 'defect',
    mode: 'kraft',
    problem: 'With several log directories, partitions can become unavailable below metadata.version 3.7-IV2.',
    better: '3.7.1',
    source: 'KAFKA-16606',
  },
  {
    release: '4.1.0',
    kind: 'defect',
    mode: 'kraft',
    problem:
      'Its Java producer can send records to the wrong topic; applications of Kafka Streams can lose data and leak.',
    better: '4.1.2',
    source: 'KAFKA-19012, KAFKA-19479',
  },
  {
    release: '4.1.1',
    kind: 'defect',
    mode: 'kraft',
    problem: 'Its Java producer can send records to the wrong topic.',
    better: '4.1.2',
    source: 'KAFKA-19012',
  },
  {
    release: '4.2.0',
    kind: 'defect',
    mode: 'kraft',
    problem: 'Transactional producers get UnsupportedVersionException while brokers of 4.2.0 and older ones are mixed.',
    better: '4.2.1',
    source: 'KAFKA-20322',
  },
];

/** What is wrong with this release for a cluster of this mode; null when nothing is known. */
export const knownBad = (release: string, mode: ClusterMode): KnownBadRelease | null =>
  knownBadReleases.find((known) => known.release === release && (known.mode ?? mode) === mode) ?? null;
