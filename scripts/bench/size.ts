/** The size of the synthetic cluster. */
export const brokers = 1_000;
export const partitionsPerTopic = 10;
/** As many brokers as a gate asks. */
export const answering = 5;
/** As the client asks for configurations. */
export const topicsPerRequest = 2_000;
const partitions = 200_000;

/** Names as long as they are in life. */
export const topicNames = Array.from(
  { length: partitions / partitionsPerTopic },
  (_, index) => `region.domain.service.events-${index}`,
);

/** Consumer groups: each on topics of its own, so that every partition of the cluster has to be asked for its end. */
export const groups = 1_000;
const topicsPerGroup = 20;
/** As many partitions as __consumer_offsets has by default: each has one broker that coordinates its groups. */
export const coordinators = 50;

/** The topics of a group. */
export const topicsOf = (group: number): string[] =>
  topicNames.slice(group * topicsPerGroup, (group + 1) * topicsPerGroup);
