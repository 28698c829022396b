/**
 * The features of KIP-584 beside `metadata.version`: what each level brings, since when, and whether there is a way back.
 *
 * Sources: org.apache.kafka.server.common.Feature and FeatureControlManager at the tags of 4.0 to 4.3; documentation,
 * "Upgrading" (4.x) and "KRaft"; downgrades of share and streams tried on 4.3 without use of these features.
 */
export interface FeatureKnowledge {
  name: string;
  /** The newest level that is for production. */
  level: number;
  /** The first release line on which an existing cluster can be brought to that level. */
  since: string;
  /** The first release line whose binaries run under that level. */
  runsSince: string;
  /** The first line that sets it by itself (`kafka-features.sh upgrade --release-version`). */
  setSince: string;
  /** The lowest level of metadata.version that Kafka raises it on (Feature.dependencies); 0 for any. */
  needsMetadata: number;
  /** Raised only when the request names it: what it does beside its level cannot be taken back. */
  onlyWhenAsked: boolean;
  /** Can the level be lowered again? */
  reversible: boolean;
  /** The way back, or what does not come back, in one sentence. */
  wayBack: string;
}

export const metadataVersion = 'metadata.version';
export const kraftVersion = 'kraft.version';
export const eligibleLeaderReplicas = 'eligible.leader.replicas.version';

/** In the order in which they are raised, after `metadata.version`, that all of them need. */
export const otherFeatures: readonly FeatureKnowledge[] = [
  {
    name: 'transaction.version',
    level: 2,
    since: '4.0',
    runsSince: '4.0',
    setSince: '4.0',
    needsMetadata: 0,
    onlyWhenAsked: false,
    reversible: true,
    wayBack: 'It can be lowered again (KIP-890).',
  },
  {
    name: 'group.version',
    level: 1,
    since: '4.0',
    runsSince: '4.0',
    setSince: '4.0',
    needsMetadata: 0,
    onlyWhenAsked: false,
    reversible: true,
    wayBack:
      'It can be lowered again; once a group used the new protocol (KIP-848), no release before 3.4.1 can read its records.',
  },
  {
    name: 'share.version',
    level: 1,
    since: '4.1',
    runsSince: '4.1',
    setSince: '4.2',
    needsMetadata: 0,
    onlyWhenAsked: false,
    reversible: true,
    wayBack: 'It can be lowered again while no share group is in use (KIP-932).',
  },
  {
    name: 'streams.version',
    level: 1,
    since: '4.2',
    runsSince: '4.2',
    setSince: '4.2',
    needsMetadata: 0,
    onlyWhenAsked: false,
    reversible: true,
    wayBack: 'It can be lowered again while no streams group is in use (KIP-1071).',
  },
  {
    name: eligibleLeaderReplicas,
    level: 1,
    since: '4.0',
    runsSince: '4.0',
    setSince: '4.1',
    needsMetadata: 23,
    onlyWhenAsked: true,
    reversible: false,
    wayBack:
      'The level can be lowered again, its side effect stays: min.insync.replicas of single brokers is deleted and a value for the whole cluster is written (KIP-966).',
  },
  {
    name: kraftVersion,
    level: 1,
    since: '4.1',
    // Written when storage is formatted by 3.9 with a dynamic quorum.
    runsSince: '3.9',
    setSince: '4.1',
    needsMetadata: 21,
    onlyWhenAsked: true,
    reversible: false,
    wayBack: 'IRREVERSIBLE: a static quorum becomes a dynamic one for good (KIP-853).',
  },
];

/** All features that can be named in a request. */
export const featureNames: readonly string[] = [metadataVersion, ...otherFeatures.map(({ name }) => name)];
