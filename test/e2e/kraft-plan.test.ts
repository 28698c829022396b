/** What the plan finds on a real KRaft cluster before anything is touched: each trouble is made, named, and taken away. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { parseRequest } from '../../src/domain/plan/request';
import type { Finding } from '../../src/domain/checks/finding';
import type { UpgradePlan } from '../../src/domain/plan/upgrade-plan';
import { labUp } from '../../src/lab/lab';
import type { Lab } from '../../src/lab/lab';
import { serviceProcess } from '../../src/lab/kafka-service';
import { until } from '../../src/lab/until';
import { planLocally } from '../../src/worker/local-plan';

jest.setTimeout(5 * 60_000);

describe('the plan of a KRaft cluster', () => {
  let lab: Lab;
  let original: string;

  const definition = (): string => join(lab.definitionsDirectory, 'lab.yaml');

  const plan = async (features: Record<string, unknown> = {}): Promise<UpgradePlan> => {
    const request = parseRequest({ cluster: 'lab', target: '3.9.2', features });
    return (await planLocally({ definitionsDirectory: lab.definitionsDirectory, request })).plan;
  };

  const find = async (words: string): Promise<Finding | undefined> =>
    (await plan()).findings.find(({ seen }) => seen.includes(words));

  /** Changes a host's server.properties while `test` runs. */
  const withFile = async (host: string, change: string, test: () => Promise<void>): Promise<void> => {
    await lab.exec(host, 'cp /etc/kafka/server.properties /tmp/server.properties');
    await lab.exec(host, change);
    try {
      await test();
    } finally {
      await lab.exec(host, 'cp /tmp/server.properties /etc/kafka/server.properties');
    }
  };

  beforeAll(async () => {
    lab = await labUp({
      mode: 'kraft-isolated',
      controllers: 1,
      brokers: 4,
      release: '3.7.2',
      stagedReleases: ['3.9.2'],
    });
    original = readFileSync(definition(), 'utf8');
  });

  afterAll(() => lab.down());

  it('has no blocker; the only controller is to be accepted by name', async () => {
    const { findings, mustAccept, finalization, canary } = await plan();
    expect(findings.filter(({ severity }) => severity === 'blocker')).toEqual([]);
    expect(mustAccept).toEqual(['controller-quorum']);
    expect(canary).toBe(101);
    expect(finalization.map(({ feature, fromName, toName }) => `${feature} ${fromName} ${toName}`)).toEqual([
      'metadata.version 3.7-IV4 3.9-IV0',
    ]);
  });

  it('names roles, voters and old settings that are not as they must be', async () => {
    await withFile(
      'broker-1',
      'sed -i s/process.roles=broker/process.roles=broker,controller/ /etc/kafka/server.properties',
      async () => {
        expect(await find('says process.roles=broker,controller; the definition says broker')).toMatchObject({
          severity: 'blocker',
        });
      },
    );
    await withFile('broker-2', 'sed -i /controller.quorum.voters/d /etc/kafka/server.properties', async () => {
      expect(await find('has no controller.quorum.voters')).toMatchObject({ severity: 'blocker' });
    });
    const old =
      'printf "inter.broker.protocol.version=2.8\\nlog.message.format.version=2.8\\n" >> /etc/kafka/server.properties';
    await withFile('broker-3', old, async () => {
      expect(await find('has inter.broker.protocol.version=2.8')).toMatchObject({ severity: 'blocker' });
      expect(await find('has log.message.format.version=2.8')).toMatchObject({ severity: 'note' });
    });
    await withFile(
      'broker-3',
      'echo zookeeper.metadata.migration.enable=true >> /etc/kafka/server.properties',
      async () => {
        expect(await find('A migration from ZooKeeper is in progress')).toMatchObject({ severity: 'blocker' });
      },
    );
  });

  it('names a broker that is gone but still registered, and the command that removes it', async () => {
    const gone = lab.brokers.find(({ nodeId }) => nodeId === 4);
    if (gone === undefined) throw new Error('the lab has no broker 4');
    await lab.exec(gone.name, '/opt/kafka/bin/kafka-server-stop.sh');
    await until(() => (serviceProcess(gone) === null ? true : null), { what: 'stop of broker 4', timeoutMs: 60_000 });
    const document = parseDocument(original);
    document.deleteIn(['nodes', 3]);
    writeFileSync(definition(), document.toString());
    const ghost = await find('Broker 4 is registered in the metadata log, but is not in the definition.');
    expect(ghost).toMatchObject({ severity: 'blocker' });
    const command = /bin\/kafka-cluster\.sh [^.]+(?:\.[^ ]+)* --id 4/.exec(ghost?.action ?? '')?.[0] ?? '';
    expect(command).toContain('unregister');
    const { stdout, stderr } = await lab.exec('broker-1', `/opt/kafka/${command}`);
    expect(stdout + stderr).toContain('Broker 4 is no longer registered');
    expect(await find('Broker 4')).toBeUndefined();
  });
});
