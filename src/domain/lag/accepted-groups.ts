/**
 * How a consumer group is named among what people accept: with a prefix that no topic can have (Kafka's topic names hold no
 * colon), so that a group and a topic of the same name are told apart.
 */
const prefix = 'group:';

/** The name by which a group is accepted. */
export const groupAcceptance = (group: string): string => `${prefix}${group}`;

/** The consumer groups among what was accepted, by their own names. */
export const acceptedGroups = (accepted: readonly string[]): string[] =>
  accepted.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
