import type { AgentNode } from '../../src/jmx/gauge-agent';
import { jolokiaAgent } from '../../src/jmx/jolokia-agent';
import { FakeAgent, type FakeAnswer } from '../support/fake-agent';

let fake: FakeAgent;
beforeEach(async () => {
  fake = await new FakeAgent().start();
});
afterEach(() => fake.stop());

const node = (more: Partial<AgentNode> = {}): AgentNode => ({
  nodeId: 2,
  mode: 'zookeeper',
  roles: ['broker'],
  url: fake.url,
  ...more,
});

const value = (found: unknown) => ({ status: 200, value: found });
const gone = { status: 404, error_type: 'javax.management.InstanceNotFoundException', error: 'no such bean' };
const appInfo = (id: number) => value({ [`kafka.server:id=${id},type=app-info`]: { Version: '3.7.2' } });

/** An agent that has these answers, by what the name of the bean contains. */
const answering =
  (answers: Record<string, unknown>) =>
  (body: string): FakeAnswer => {
    const reads = JSON.parse(body) as { type: string; mbean: string }[];
    return JSON.stringify(
      reads.map(({ mbean }) => Object.entries(answers).find(([part]) => mbean.includes(part))?.[1] ?? gone),
    );
  };

const whole = {
  'app-info': appInfo(2),
  UnderReplicated: value(4),
  BrokerState: value(3),
  OfflinePartitions: value(2),
  ActiveController: value(1),
};

describe('the gauges by Jolokia', () => {
  it('come with one request', async () => {
    fake.answer = answering(whole);
    expect(await jolokiaAgent.gauges(node())).toEqual({
      gauges: {
        sampledAtMs: expect.any(Number),
        underReplicatedPartitions: 4,
        brokerState: 3,
        offlinePartitions: 2,
        activeControllers: 1,
        version: '3.7.2',
      },
      missing: null,
    });
    expect(fake.requests).toHaveLength(1);
  });

  it('are null where there is no bean, no count, or no permission, and the trouble names them', async () => {
    fake.answer = answering({
      UnderReplicated: value('many'),
      BrokerState: value(-1),
      Offline: { status: 403, error: 'not allowed' },
    });
    const { gauges, missing } = await jolokiaAgent.gauges(node());
    expect(gauges).toMatchObject({
      underReplicatedPartitions: null,
      brokerState: null,
      offlinePartitions: null,
      activeControllers: null,
      version: null,
    });
    expect(missing).toBe(
      `${fake.url} does not tell underReplicatedPartitions (value "many"), brokerState (value -1), ` +
        'offlinePartitions (not allowed), activeControllers (no such bean: is the node still starting?), ' +
        'version (no such bean: is the node still starting?)',
    );
  });

  it('are those of its roles only', async () => {
    fake.answer = answering(whole);
    const { gauges, missing } = await jolokiaAgent.gauges(node({ mode: 'kraft', roles: ['broker'] }));
    expect(gauges).toMatchObject({ underReplicatedPartitions: 4, offlinePartitions: null, activeControllers: null });
    expect(missing).toBeNull();
    expect(fake.requests.join()).not.toContain('OfflinePartitionsCount');
  });

  it('are refused when another node answers', async () => {
    fake.answer = answering({ ...whole, 'app-info': appInfo(3) });
    await expect(jolokiaAgent.gauges(node())).rejects.toThrow(`${fake.url} is the agent of node 3, not of node 2`);
  });

  it.each(['<html>Hello</html>', '{"status":400,"error":"x"}', '[]'])('are refused when %s answers', async (text) => {
    fake.answer = () => text;
    await expect(jolokiaAgent.gauges(node())).rejects.toThrow(`${fake.url} did not answer as Jolokia does, but with "`);
  });
});

describe('one-time looks by Jolokia', () => {
  it('add up the client software over the network threads', async () => {
    const bean = (thread: number, name: string): string =>
      `kafka.server:clientSoftwareName=${name},clientSoftwareVersion=1,listener=SSL,networkProcessor=${thread},type=socket-server-metrics`;
    fake.answer = answering({
      clientSoftwareName: value({
        [bean(0, 'a')]: { connections: 1 },
        [bean(1, 'a')]: { connections: 2 },
        [bean(1, 'b')]: { connections: 0 },
      }),
    });
    const { software } = await jolokiaAgent.clients(node());
    expect(software).toEqual([{ nodeId: 2, listener: 'SSL', name: 'a', version: '1', connections: 3 }]);
  });

  it('name the deprecated requests there were', async () => {
    const bean = (request: string): string =>
      `kafka.network:clientSoftwareName=a,clientSoftwareVersion=1,name=DeprecatedRequestsPerSec,request=${request},type=RequestMetrics,version=2`;
    fake.answer = answering({
      DeprecatedRequestsPerSec: value({ [bean('Fetch')]: { Count: 7 }, [bean('Produce')]: { Count: 0 } }),
    });
    expect(await jolokiaAgent.clients(node())).toEqual({
      software: [],
      deprecated: [{ nodeId: 2, request: 'Fetch', version: 2, clientName: 'a', clientVersion: '1', count: 7 }],
    });
    fake.answer = answering({});
    expect(await jolokiaAgent.clients(node())).toEqual({ software: [], deprecated: [] });
  });

  it('tell the state of a migration; null where there is no such bean, an error where it is not told', async () => {
    fake.answer = answering({ ZkMigrationState: value(1) });
    expect(await jolokiaAgent.zkMigrationState(node())).toBe(1);
    fake.answer = answering({});
    expect(await jolokiaAgent.zkMigrationState(node())).toBeNull();
    fake.answer = answering({ ZkMigrationState: { status: 403, error: 'not allowed' } });
    await expect(jolokiaAgent.zkMigrationState(node())).rejects.toThrow('ZkMigrationState: not allowed');
  });
});
