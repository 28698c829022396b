/**
 * Brokers of a cluster that is too large to start: a few of its thousand answer, with the metadata of all. Runs as a process
 * of its own, so that what the client costs is measured alone; tells its ports to its parent.
 */
import { ScriptedBroker } from '../../test/support/scripted-broker';
import { array, bytes, int16, int32, int64, int8, text } from '../../test/support/wire';
import {
  answering,
  brokers,
  coordinators,
  groups,
  partitionsPerTopic,
  topicNames,
  topicsOf,
  topicsPerRequest,
} from './size';

const LIST_OFFSETS = 2;
const METADATA = 3;
const OFFSET_FETCH = 9;
const LIST_GROUPS = 16;
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

/** Everything moves all the time, as it does in life: a commit every five seconds, 10 records a second (2 million in all). */
const began = Date.now();
const recordsUntil = (ms: number): number => 1_000_000 + Math.floor(ms / 100);
const endNow = (): number => recordsUntil(Date.now() - began);
const commitNow = (): number => recordsUntil(Math.floor((Date.now() - began) / 5_000) * 5_000) - 1;

/** The groups that this broker coordinates. */
const listGroups = (broker: number): Buffer => {
  const own = Array.from({ length: groups }, (_, group) => group).filter((group) => group % coordinators === broker);
  return bytes(noThrottle, int16(0), array(...own.map((group) => bytes(text(`group-${group}`), text('consumer')))));
};

/** OffsetFetch v3: the request names one group. */
const committed = (request: Buffer): Buffer => {
  const name = /group-(\d+)/.exec(request.toString('latin1'))?.[1];
  const offset = int64(commitNow());
  const topics = topicsOf(Number(name)).map((topic) => {
    const partitions = Array.from({ length: partitionsPerTopic }, (_, id) =>
      bytes(int32(id), offset, text(''), int16(0)),
    );
    return bytes(text(topic), array(...partitions));
  });
  return bytes(noThrottle, array(...topics), int16(0));
};

/** ListOffsets v2: the answer names what the request names. */
const ends = (request: Buffer): Buffer => {
  let at = 8;
  const int = (): number => request.readInt32BE((at += 4) - 4);
  const string = (): string => request.toString('utf8', at + 2, (at += 2 + request.readInt16BE(at)));
  string(); // client id
  int(); // replica id
  at += 1; // isolation level
  const offset = int64(endNow());
  const topics = Array.from({ length: int() }, () => {
    const name = string();
    const partitions = Array.from({ length: int() }, () => {
      const id = int();
      at += 8; // timestamp
      return bytes(int32(id), int16(0), int64(-1), offset);
    });
    return bytes(text(name), array(...partitions));
  });
  return bytes(noThrottle, array(...topics));
};

const main = async (): Promise<void> => {
  const answer = metadata();
  const slices = Array.from({ length: Math.ceil(topicNames.length / topicsPerRequest) }, (_, slice) =>
    minIsr(topicNames.slice(slice * topicsPerRequest, (slice + 1) * topicsPerRequest)),
  );
  const servers = Array.from({ length: brokers }, () => new ScriptedBroker());
  for (const [broker, server] of servers.entries()) {
    let next = 0;
    if (broker < answering) server.reactions[METADATA] = answer;
    server.reactions[DESCRIBE_CONFIGS] = () => slices[next++ % slices.length] ?? 'silence';
    server.reactions[LIST_GROUPS] = listGroups(broker);
    server.reactions[OFFSET_FETCH] = committed;
    server.reactions[LIST_OFFSETS] = ends;
    await server.start();
  }
  process.send?.({ addresses: servers.map(({ address }) => address), metadataBytes: answer.length });
  process.on('disconnect', () => process.exit(0));
};

void main();
