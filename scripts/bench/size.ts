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
