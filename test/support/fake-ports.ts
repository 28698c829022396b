import type { ConfigValue, NodeId } from '../../src/domain/cluster/cluster';
import { UpgradeError } from '../../src/domain/common/failure';
import type { GaugeReader } from '../../src/jmx/gauge-reader';
import type { KafkaAdmin } from '../../src/kafka/kafka-admin';
import type { KafkaReader } from '../../src/kafka/kafka-reader';
import type { WorldModel } from './world-model';

const value = (text: string, source: ConfigValue['source'] = 'static-broker'): ConfigValue => ({
  value: text,
  source,
  sensitive: false,
});

/** The Kafka protocol over the model; a broker that is down rejects with `BrokerUnreachable`. */
export const fakeKafka = (world: WorldModel): KafkaReader => {
  const asked = async (method: string, nodeId: NodeId, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    await world.call(method, nodeId);
    if (!world.isUp(nodeId) || world.deaf.has(nodeId)) {
      throw new UpgradeError('BrokerUnreachable', `broker ${nodeId} refused the connection`);
    }
  };
  return {
    metadata: async (nodeId, signal) => {
      await asked('metadata', nodeId, signal);
      return world.view(nodeId);
    },
    brokerConfig: async (nodeId, _names, signal) => {
      await asked('brokerConfig', nodeId, signal);
      const pinned = world.node(nodeId).properties.includes('inter.broker.protocol.version');
      const protocol = world.node(nodeId).process?.protocol ?? '?';
      return {
        'inter.broker.protocol.version': value(protocol, pinned ? 'static-broker' : 'default'),
        'log.dirs': value('/var/lib/kafka'),
        'min.insync.replicas': value('2'),
      };
    },
    clusterDefaults: async (askNode, names, signal) => {
      await asked('clusterDefaults', askNode, signal);
      const found = Object.entries(world.clusterDefaults).filter(([name]) => names.includes(name));
      return Object.fromEntries(found.map(([name, text]) => [name, value(text, 'dynamic-default-broker')]));
    },
    quorum: async (nodeId, signal) => {
      await asked('quorum', nodeId, signal);
      return world.quorum(nodeId);
    },
    features: async (nodeId, signal) => {
      await asked('features', nodeId, signal);
      return { observedBy: nodeId, finalized: { ...world.features }, finalizedEpoch: 1 };
    },
    topicConfig: async (askNode, topics, _name, signal) => {
      await asked('topicConfig', askNode, signal);
      return Object.fromEntries(
        world.topics
          .filter(({ name }) => topics.includes(name))
          .map(({ name, minIsr }) => [name, value(String(minIsr), 'dynamic-topic')]),
      );
    },
    logDirectories: async (nodeId, signal) => {
      await asked('logDirectories', nodeId, signal);
      return [{ nodeId, directory: '/var/lib/kafka', errorCode: 0 }];
    },
    reassignments: async (nodeId, signal) => {
      await asked('reassignments', nodeId, signal);
      return [];
    },
    readRecord: async (leader, { offset }, signal) => {
      await asked('readRecord', leader, signal);
      return world.records[offset] ?? null;
    },
    groups: () => Promise.resolve([]),
    committedOffsets: () => Promise.resolve(new Map()),
    logEndOffsets: () => Promise.resolve(new Map()),
    forget: (nodeId) => world.call('forget', nodeId),
    close: () => Promise.resolve(),
  };
};

/** The changes of a cluster over the model; the first broker that is up stands for the controller. */
export const fakeAdmin = (world: WorldModel): KafkaAdmin => ({
  updateFeature: async (askNode, { feature, level, validateOnly }) => {
    await world.call('updateFeature', askNode);
    const refusal = world.refuseFeature(feature, level);
    if (refusal !== null) throw new UpgradeError('ClusterRefused', refusal);
    if (validateOnly) return;
    world.note('feature', null, `${feature}=${level}`);
    world.features[feature] = level;
  },
  electPreferredLeaders: async (askNode, partitions) => {
    await world.call('electPreferredLeaders', askNode);
    for (const topic of partitions.keys()) world.ledBy.delete(topic);
  },
  writeRecord: async (leader, { value: text }) => {
    await world.call('writeRecord', leader);
    return world.records.push(text) - 1;
  },
  setClusterDefault: async (askNode, name, text) => {
    await world.call('setClusterDefault', askNode);
    world.note('feature', null, `${name}=${text}`);
    world.clusterDefaults[name] = text;
  },
});

/** JMX over the model: samples are always fresh, or not there. */
export const fakeGauges = (world: WorldModel): GaugeReader => {
  const trouble = (nodeId: NodeId): string | null => (world.sample(nodeId) === null ? 'connection refused' : null);
  return {
    open: (nodeId) => void world.portCalls.push(`open ${nodeId}`),
    latest: (nodeId) => world.sample(nodeId),
    trouble,
    next: async (nodeId) => {
      await world.call('nextGauges', nodeId);
      return world.sample(nodeId);
    },
    zkMigrationState: () => Promise.resolve(null),
    clients: (nodeId) =>
      Promise.resolve({
        software: [{ nodeId, listener: 'PLAINTEXT', name: 'apache-kafka-java', version: '3.4.0', connections: 2 }],
        deprecated: [],
      }),
    reset: (nodeId) => void world.portCalls.push(`reset ${nodeId}`),
    close: () => Promise.resolve(),
  };
};
