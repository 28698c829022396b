/** A ZooKeeper cluster whose upgrade is rolled back when every broker already runs the new binary, under live traffic. */
import type { UpgradeLook } from '../../src/client/upgrade-client';
import type { Stage } from '../../src/demo/stage';
import type { LedgerReport } from '../../src/lab/traffic/traffic';
import { openTestStage, running, upgradeLeg } from './support/upgrade-leg';

jest.setTimeout(10 * 60_000);

describe('a rollback before the protocol is raised', () => {
  let stage: Stage;
  let look: UpgradeLook;
  let report: LedgerReport;

  beforeAll(async () => {
    stage = await openTestStage({
      from: '3.7.2',
      to: '3.8.1',
      mode: 'zookeeper',
    });
    look = await upgradeLeg({ stage, to: '3.8.1', rollBackAt: 'protocol' });
    report = await stage.traffic.finish();
  });

  afterAll(async () => {
    await stage.close();
  });

  it('puts the old binary back on every broker, which keeps the pin in its file', async () => {
    expect(look.ending).toMatchObject({ outcome: 'rolled-back' });
    expect(look.status.nodes.map(({ rollback }) => rollback?.state)).toEqual(['done', 'done', 'done']);
    expect(await running(stage)).toEqual(Array.from({ length: 3 }, () => '3.7.2 3.7'));
    for (const { name } of stage.lab.brokers) {
      const { stdout } = await stage.lab.exec(
        name,
        'readlink /opt/kafka; grep inter.broker /etc/kafka/server.properties',
      );
      expect(stdout).toBe('/opt/kafka-releases/kafka_2.13-3.7.2\ninter.broker.protocol.version=3.7\n');
    }
  });

  it('loses and duplicates no acknowledged record', () => {
    expect(report).toMatchObject({ lost: 0, duplicated: 0 });
    expect(report.acknowledged).toBeGreaterThan(1_000);
  });
});
