import type { KafkaAdmin } from '../../src/kafka/kafka-admin';
import type { KafkaReader } from '../../src/kafka/kafka-reader';
import { createKafkaReader } from '../../src/kafka/kafkajs-reader';
import { ScriptedBroker } from '../support/scripted-broker';
import { array, bytes, int16, int32, int8, text } from '../support/wire';

const LIST_GROUPS = 16;
const noThrottle = int32(0);
const noGroups = bytes(noThrottle, int16(0), array());

const feature = { feature: 'group.version', level: 1, kind: 'upgrade' } as const;

/** An answer of UpdateFeatures without results: tags of the header, throttle, error, no words, none, no tags. */
const featuresAnswer = (code: number): Buffer => bytes(int8(0), noThrottle, int16(code), int8(0), int8(1), int8(0));

const changes: [name: string, apiKey: number, send: (admin: KafkaAdmin) => Promise<unknown>][] = [
  ['UpdateFeatures', 57, (admin) => admin.updateFeature(1, { ...feature, validateOnly: false })],
  ['IncrementalAlterConfigs', 44, (admin) => admin.setClusterDefault(1, 'min.insync.replicas', '2')],
  ['ElectLeaders', 43, (admin) => admin.electPreferredLeaders(1, new Map([['orders', [0]]]))],
  ['Produce', 0, (admin) => admin.writeRecord(1, { topic: 'canary', partition: 0, value: 'x' })],
];

describe('a change of the cluster whose answer is lost', () => {
  const broker = new ScriptedBroker();
  let cluster: KafkaReader & KafkaAdmin;

  beforeEach(async () => {
    broker.reactions = { [LIST_GROUPS]: noGroups };
    broker.requests.length = 0;
    await broker.start();
    const nodes = [{ id: 1, kafka: broker.address }];
    cluster = createKafkaReader({ nodes, requestTimeoutMs: 500, connectTimeoutMs: 1_000 });
    await cluster.groups(1); // the connection is warm
  });

  afterEach(async () => {
    await cluster.close();
    await broker.stop();
  });

  const sent = (apiKey: number): number => broker.requests.filter((request) => request.apiKey === apiKey).length;

  it.each(changes)(
    '%s is not sent again when the connection is cut, and its outcome is not known',
    async (name, key, send) => {
      broker.reactions[key] = 'hang-up';
      await expect(send(cluster)).rejects.toMatchObject({
        type: 'OutcomeUnknown',
        message: `Asked node 1 at ${broker.address} for ${name}: the broker closed the connection before it answered. Whether it was carried out is not known.`,
        evidence: { node: 1, request: name },
      });
      expect(sent(key)).toBe(1);
    },
  );

  it.each(changes)('%s is not known to have failed when there is silence', async (_name, key, send) => {
    await expect(send(cluster)).rejects.toMatchObject({
      type: 'OutcomeUnknown',
      message: expect.stringMatching(/no answer to \w+ within 500 ms\. Whether it was carried out is not known\.$/),
    });
    expect(sent(key)).toBe(1);
  });

  it.each(changes)('%s that could not be sent was not carried out', async (_name, key, send) => {
    await broker.stop();
    await cluster.forget(1);
    await expect(send(cluster)).rejects.toMatchObject({ type: 'BrokerUnreachable' });
    expect(sent(key)).toBe(0);
    await broker.start();
  });

  it('is sent once on a connection that has to be opened first', async () => {
    await cluster.forget(1);
    broker.reactions[57] = featuresAnswer(0);
    await cluster.updateFeature(1, { ...feature, validateOnly: false });
    expect(sent(57)).toBe(1);
  });

  it('is a question when it only asks what would be: that is asked again', async () => {
    const answers = ['hang-up' as const, featuresAnswer(0)];
    broker.reactions[57] = () => answers.shift() ?? 'silence';
    await cluster.updateFeature(1, { ...feature, validateOnly: true });
    expect(sent(57)).toBe(2);
  });

  it('may still be carried out when the controller says that it was not in time', async () => {
    broker.reactions[57] = featuresAnswer(7);
    await expect(cluster.updateFeature(1, { ...feature, validateOnly: false })).rejects.toMatchObject({
      type: 'OutcomeUnknown',
      message: expect.stringContaining('REQUEST_TIMED_OUT'),
    });
    await expect(cluster.updateFeature(1, { ...feature, validateOnly: true })).rejects.toMatchObject({
      type: 'BrokerUnreachable',
    });
    broker.reactions[44] = bytes(noThrottle, array(bytes(int16(41), text(null), int8(4), text(''))));
    await expect(cluster.setClusterDefault(1, 'min.insync.replicas', '2')).rejects.toMatchObject({
      type: 'BrokerUnreachable',
    });
  });
});
