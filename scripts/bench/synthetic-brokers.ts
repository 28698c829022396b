/**
 * Brokers of a cluster that is too large to start: a few of its thousand answer, with the metadata of all. Runs as a process
 * of its own, so that what the client costs is measured alone; tells its ports to its parent.
 */
import { ScriptedBroker } from '../../test/support/scripted-broker';
import { array, bytes, int16, int32, int8, text } from '../../test/support/wire';
import { answering, brokers, partitionsPerTopic, topicNames, topicsPerRequest } from './size';

const METADATA = 3;
const DESCRIBE_CONFIGS = 32;
const noThrottle = int32(0);

const replicasOf = (partition: number): Buffer =>
  array(...[0, 1, 2].map((offset) => int32(((partition + offset) % brokers) + 1)));

const metadata = (): Buffer => {
  const nodes = Array.from({ length: brokers }, (_, index) =>
    bytes(int32(index + 1), text(`kafka-${index + 1}.example.org`), int32(9092), text(null)),
  );
  const topics = topicNames.map((name, topic) => {
    const partitions = Array.from({ length: partitionsPerTopic }, (_, id) => {
      const replicas = replicasOf(topic * partitionsPerTopic + id);
      const leader = replicas.subarray(4, 8);
      return bytes(int16(0), int32(id), leader, replicas, replicas);
    });
    return bytes(int16(0), text(name), int8(0), array(...partitions));
  });
  return bytes(noThrottle, array(...nodes), text('synthetic'), int32(1), array(...topics));
};

const minIsr = (names: readonly string[]): Buffer =>
  bytes(
    noThrottle,
    array(
      ...names.map((name) => {
        const value = bytes(text('min.insync.replicas'), text('2'), int8(0), int8(5), int8(0), array());
        return bytes(int16(0), text(null), int8(2), text(name), array(value));
      }),
    ),
  );

const main = async (): Promise<void> => {
  const answer = metadata();
  const slices = Array.from({ length: Math.ceil(topicNames.length / topicsPerRequest) }, (_, slice) =>
    minIsr(topicNames.slice(slice * topicsPerRequest, (slice + 1) * topicsPerRequest)),
  );
  const servers = Array.from({ length: answering }, () => new ScriptedBroker());
  for (const server of servers) {
    let next = 0;
    server.reactions[METADATA] = answer;
    server.reactions[DESCRIBE_CONFIGS] = () => slices[next++ % slices.length] ?? 'silence';
    await server.start();
  }
  process.send?.({ addresses: servers.map(({ address }) => address), metadataBytes: answer.length });
  process.on('disconnect', () => process.exit(0));
};

void main();
