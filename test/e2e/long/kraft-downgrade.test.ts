/**
 * All the way back on a KRaft cluster, under live traffic: after a level that the upgrade itself raised; after one that
 * somebody raised by hand while the upgrade waited; and after an upgrade that ended when every node ran the new release.
 */
import type { UpgradeLook } from '../../../src/client/upgrade-client';
import type { Stage } from '../../../src/demo/stage';
import type { LedgerReport } from '../../../src/lab/traffic/traffic';
import type { UpgradeEvent } from '../../../src/domain/upgrade/upgrade-state';
import type { MessageAnswer, PlanAnswer } from '../../../src/workflows/messages';
import { follow } from '../support/follow';
import { openTestStage, running, upgradeLeg } from '../support/upgrade-leg';

jest.setTimeout(10 * 60_000);

const threeOn = (what: string): string[] => Array.from({ length: 3 }, () => what);

describe('a rollback after a level that can be lowered', () => {
  let stage: Stage;
  let look: UpgradeLook;
  let plain: Promise<MessageAnswer> | null = null;
  let downgrade: Promise<MessageAnswer> | null = null;
  let afterLook: string[];
  let byHand: { refused: MessageAnswer; phase: string; events: UpgradeEvent[]; running: string[]; back: UpgradeLook };
  let ended: { up: UpgradeLook; running: string[]; plan: PlanAnswer | null; down: UpgradeLook };
  let report: LedgerReport;

  const start = (target: string) => stage.client.start({ target, requester: 'test' }, stage.taskQueue);

  /** Up again, to the last gate before the levels. */
  const upToProtocol = async (): Promise<void> => {
    await start('3.9.2');
    const seen = follow(stage.client, 'protocol');
    await seen('the gate of the levels', ({ status }) => status.waitingFor?.gate === 'protocol');
  };

  const untilItEnds = (): Promise<UpgradeLook> => follow(stage.client)('it ends', ({ ending }) => ending !== null);

  const raiseByHand = async (): Promise<void> => {
    const tool = `/opt/kafka/bin/kafka-features.sh --bootstrap-server ${stage.lab.bootstrap}`;
    await stage.lab.exec('broker-1', `${tool} upgrade --feature metadata.version=21`);
  };

  const backAfterHands = async (): Promise<typeof byHand> => {
    await upToProtocol();
    await raiseByHand();
    const refused = await stage.client.send('rollback', { by: 'test' });
    const { status } = await stage.client.look();
    const events = await stage.client.timeline();
    const seen = await running(stage);
    await stage.client.send('rollback', { by: 'test', downgrade: true });
    return { refused, phase: status.phase, events, running: seen, back: await untilItEnds() };
  };

  const downAfterTheEnd = async (): Promise<typeof ended> => {
    await upToProtocol();
    await stage.client.send('abort', { by: 'test', comment: 'not today' });
    const up = await untilItEnds();
    const seen = await running(stage);
    await start('3.8.1');
    const down = await untilItEnds();
    return { up, running: seen, plan: await stage.client.plan(), down };
  };

  beforeAll(async () => {
    stage = await openTestStage({
      from: '3.8.1',
      to: '3.9.2',
      mode: 'kraft',
      // By default once an hour; the old binary cannot start before.
      lab: { properties: { 'metadata.log.max.snapshot.interval.ms': '10000' } },
    });
    look = await upgradeLeg({
      stage,
      to: '3.9.2',
      onLook: ({ status }, client) => {
        if (status.features[0]?.state !== 'raised') return;
        plain ??= client.send('rollback', { by: 'test' });
        downgrade ??= plain.then(() => client.send('rollback', { by: 'test', downgrade: true }));
      },
    });
    afterLook = await running(stage);
    byHand = await backAfterHands();
    ended = await downAfterTheEnd();
    report = await stage.traffic.finish();
  });

  afterAll(async () => {
    await stage.close();
  });

  it('wants the word for it', async () => {
    expect(await plain).toMatchObject({ accepted: false });
    expect((await plain)?.answer).toContain('metadata.version 3.9-IV0 → 3.8-IV0');
    expect(await downgrade).toMatchObject({ accepted: true });
  });

  it('lowers the level first, then puts the old binaries back', () => {
    expect(look.ending).toEqual({
      outcome: 'rolled-back',
      message: expect.stringContaining('run 3.8.1 again'),
      hint: '',
    });
    expect(look.status.features.map(({ state }) => state)).toEqual(['lowered']);
    expect(afterLook).toEqual(threeOn('3.8.1 3.8-IV0'));
  });

  it('is refused by a level that was raised by hand, which is read; nothing is stopped, and the gate stays open', () => {
    expect(byHand.refused).toMatchObject({ accepted: false });
    expect(byHand.refused.answer).toMatch(
      /metadata\.version is 3\.9-IV0 \(read from broker \d\), and 3\.8\.1 knows none after 3\.8-IV0/,
    );
    expect(byHand.refused.answer).toContain('send `rollback` with {"downgrade":true}');
    expect(byHand.phase).toBe('awaiting-approval');
    expect(byHand.running).toEqual(threeOn('3.9.2 3.9-IV0'));
    expect(byHand.events.some((event) => event.type === 'rollback-started')).toBe(false);
  });

  it('lowers that level, too, with the word for it', () => {
    expect(byHand.back.ending).toMatchObject({ outcome: 'rolled-back' });
  });

  it('is possible after the end, by a start with the older target: the binaries only, under the same gates', async () => {
    expect(ended.up.ending).toMatchObject({ outcome: 'aborted' });
    expect(ended.running).toEqual(threeOn('3.9.2 3.8-IV0'));
    expect(ended.plan?.plan).toMatchObject({
      fromVersion: '3.9.2',
      toVersion: '3.8.1',
      downgrade: true,
      finalization: [],
    });
    expect(ended.plan?.plan.findings[0]?.seen).toContain('This is a downgrade, 3.9.2 → 3.8.1');
    expect(ended.down.ending).toMatchObject({ outcome: 'completed' });
    expect(await running(stage)).toEqual(threeOn('3.8.1 3.8-IV0'));
  });

  it('loses and duplicates no acknowledged record', () => {
    expect(report).toMatchObject({ lost: 0, duplicated: 0 });
    expect(report.acknowledged).toBeGreaterThan(1_000);
  });
});
