/** A ZooKeeper cluster whose upgrade is rolled back when every broker already runs the new binary, under live traffic. */
import type { UpgradeLook } from '../../src/client/upgrade-client';
import type { Stage } from '../../src/demo/stage';
import type { LedgerReport } from '../../src/lab/traffic/traffic';
import { closeAll } from '../support/close-all';
import { watchOutside } from './support/outside-watch';
import type { OutsideWatch } from './support/outside-watch';
import { openTestStage, running, upgradeLeg } from './support/upgrade-leg';

jest.setTimeout(10 * 60_000);

describe('a rollback before the protocol is raised', () => {
  let stage: Stage;
  let look: UpgradeLook;
  let report: LedgerReport;
  let outside: OutsideWatch;

  beforeAll(async () => {
    stage = await openTestStage({
      from: '3.7.2',
      to: '3.8.1',
      mode: 'zookeeper',
    });
    outside = await watchOutside(stage);
    look = await upgradeLeg({ stage, to: '3.8.1', rollBackAt: 'protocol', onLook: outside.look });
    report = await stage.traffic.finish();
  });

  afterAll(async () => {
    await closeAll(
      () => outside.stop(),
      () => stage.close(),
    );
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

  it('tells people outside of each event once, in order', () => {
    const told = outside.receiver.received.map(({ body }) => {
      const { kind, wait } = body as { kind: string; wait: { name: string } | null };
      return kind === 'waiting' ? `${kind} ${wait?.name}` : kind;
    });
    expect(told).toEqual(['started', 'waiting gate plan', 'waiting gate canary', 'waiting gate protocol', 'finished']);
    const keys = outside.receiver.received.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(keys.length);
    expect(outside.receiver.received.at(-1)?.body).toMatchObject({ outcome: 'rolled-back', cluster: stage.cluster });
  });

  it('silences the alerts from before the first stop, by one silence, which is over at the end', async () => {
    const silences = await outside.alerts.silences();
    expect(silences.map(({ status, createdBy }) => `${status.state} ${createdBy}`)).toEqual(['expired kafka-upgrade']);
    expect(outside.seenWhileRolling.length).toBeGreaterThan(0);
    expect(new Set(outside.seenWhileRolling)).toEqual(new Set(['active']));
    expect(Date.parse(silences[0]?.startsAt ?? '')).toBeLessThan(Math.min(...(await stopsAskedAt())));
  });

  /** When brokers got the signal to stop, by their own logs (ms). */
  const stopsAskedAt = async (): Promise<number[]> => {
    const said = 'grep -h "Terminating process due to signal SIGTERM" /var/log/kafka/server.log*';
    const logs = await Promise.all(stage.lab.brokers.map(({ name }) => stage.lab.exec(name, said)));
    const lines = logs.flatMap(({ stdout }) => stdout.trim().split('\n'));
    return lines.map((line) => Date.parse(line.slice(1, 24).replace(',', '.')));
  };
});
