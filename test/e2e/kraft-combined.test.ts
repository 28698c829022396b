/** Combined KRaft nodes from 3.9.2 to 4.3.0, under live traffic and a transactional copier. */
import type { UpgradeLook } from '../../src/client/upgrade-client';
import type { Stage } from '../../src/demo/stage';
import type { UpgradeEvent } from '../../src/domain/upgrade/upgrade-state';
import type { LedgerReport } from '../../src/lab/traffic/traffic';
import { startTransactionalCopier } from '../../src/lab/traffic/transactions';
import type { CopyReport, TransactionalCopier } from '../../src/lab/traffic/transactions';
import type { MessageAnswer } from '../../src/workflows/messages';
import { closeAll } from '../support/close-all';
import { openTestStage, running, upgradeLeg } from './support/upgrade-leg';

jest.setTimeout(10 * 60_000);

describe('an upgrade of combined KRaft nodes over the change to 4.x', () => {
  let stage: Stage;
  let copier: TransactionalCopier | null = null;
  let look: UpgradeLook;
  let late: Promise<MessageAnswer> | null = null;
  let report: LedgerReport;
  let copies: CopyReport;
  let timeline: UpgradeEvent[];

  beforeAll(async () => {
    stage = await openTestStage({
      from: '3.9.2',
      to: '4.3.0',
      mode: 'kraft',
    });
    copier = await startTransactionalCopier(stage.lab);
    look = await upgradeLeg({
      stage,
      to: '4.3.0',
      onLook: ({ status }, client) => {
        if (status.features[0]?.state === 'raised') late ??= client.send('rollback', { by: 'late', downgrade: true });
      },
    });
    copies = await copier.finish();
    report = await stage.traffic.finish();
    timeline = await stage.client.timeline();
  });

  afterAll(async () => {
    // When it could not be started, the stage must go away all the same.
    await closeAll(
      () => copier?.stop(),
      () => stage.close(),
    );
  });

  it('completes on the new release with its metadata.version', async () => {
    expect(look.ending).toMatchObject({ outcome: 'completed' });
    expect(await running(stage)).toEqual(Array.from({ length: 3 }, () => '4.3.0 4.3-IV0'));
  });

  it('holds on record who confirmed the disaster-recovery path, and how', () => {
    const passed = timeline.flatMap((event) =>
      event.type === 'gate-passed' && event.gate === 'plan' ? [event.disasterRecovery] : [],
    );
    expect(passed).toEqual(['confirmed by the demo: this cluster can be made again']);
  });

  it('loses and duplicates no acknowledged record', () => {
    expect(report).toMatchObject({ lost: 0, duplicated: 0 });
    expect(report.acknowledged).toBeGreaterThan(1_000);
  });

  it('copies every record exactly once, also while transaction.version is raised', () => {
    expect(copies).toMatchObject({ missing: 0, duplicates: 0 });
    expect(copies.copied).toBe(copies.source);
    expect(copies.source).toBeGreaterThan(1_000);
  });

  it('raises the features one by one, as the brokers report them', async () => {
    const raised = timeline.flatMap((event) =>
      event.type === 'feature' && event.progress.state === 'raised'
        ? [`${event.feature} ${event.progress.detail}`]
        : [],
    );
    expect(raised).toEqual([
      'metadata.version 3.9-IV0 → 4.3-IV0',
      'transaction.version 0 → 2',
      'group.version 0 → 1',
      'share.version 0 → 1',
      'streams.version 0 → 1',
    ]);
    const { stdout } = await stage.lab.exec(
      'broker-1',
      `PATH=/opt/kafka/bin:$PATH kafka-features.sh --bootstrap-server ${stage.lab.bootstrap} describe`,
    );
    for (const left of ['kraft.version', 'eligible.leader.replicas.version'])
      expect(stdout).toMatch(new RegExp(`Feature: ${left}.*FinalizedVersionLevel: 0`));
  });

  it('refuses to roll back after the finalization, with the reason', async () => {
    const answer = await late;
    expect(answer?.accepted).toBe(false);
    expect(answer?.answer).toContain('metadata.version was raised to 4.3-IV0, which 3.9.2 does not know. IRREVERSIBLE');
  });

  it('restarts the active controller of the time last', () => {
    const reasons = timeline.flatMap((event) =>
      event.type === 'node' && event.progress.state === 'rolling' ? [event.progress.detail] : [],
    );
    expect(reasons).toHaveLength(3);
    expect(reasons.at(-1)).toBe('the active controller goes last');
  });

  it('logs on the new release, by the configuration for Log4j 2', async () => {
    for (const { name } of stage.lab.brokers) {
      const { stdout } = await stage.lab.exec(name, 'grep -c "Kafka version: 4.3.0" /var/log/kafka/server.log');
      expect(Number(stdout)).toBeGreaterThan(0);
    }
  });

  it('stops every node cleanly', async () => {
    for (const { name } of stage.lab.brokers) {
      const { stdout } = await stage.lab.exec(
        name,
        // The metadata log has no marker of a clean stop and is looked through at every start.
        'grep -h -i -E "unclean shutdown|Recovering unflushed segment" /var/log/kafka/server.log* | grep -v __cluster_metadata || true',
      );
      expect(stdout).toBe('');
    }
  });
});
