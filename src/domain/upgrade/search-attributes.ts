/**
 * What every upgrade can be found by in Temporal's list of workflows, and the types that the names are registered with.
 * `UpgradeAttention` is true while a person is waited for.
 */
export const searchAttributes = {
  KafkaCluster: 'Keyword',
  UpgradePhase: 'Keyword',
  UpgradeTarget: 'Keyword',
  UpgradeAttention: 'Bool',
} as const;

/** The names alone. */
export const searchAttributeNames: readonly string[] = Object.keys(searchAttributes);
