/** A release that should not be the target of an upgrade. */
export interface KnownBadRelease {
  /** The release as it is written. */
  release: string;
  /** `withdrawn`: never meant to be used, refused. `defect`: a warning. */
  kind: 'withdrawn' | 'defect';
  /** What goes wrong, for whom. */
  problem: string;
  /** The oldest release of the same line without it. */
  better: string;
  source: string;
}

const downloads = 'downloads page of kafka.apache.org';

/** Releases that the operator of a ZooKeeper cluster should pass over, oldest first. */
export const knownBadReleases: readonly KnownBadRelease[] = [
  {
    release: '3.2.2',
    kind: 'withdrawn',
    problem: 'It was never announced and is not recommended: a significant defect was found after it had been built.',
    better: '3.2.3',
    source: downloads,
  },
  {
    release: '3.3.0',
    kind: 'withdrawn',
    problem: 'It was never announced: a significant defect was found after it had been built.',
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
];

/** What is wrong with this release; null when nothing is known. */
export const knownBad = (release: string): KnownBadRelease | null =>
  knownBadReleases.find((candidate) => candidate.release === release) ?? null;
