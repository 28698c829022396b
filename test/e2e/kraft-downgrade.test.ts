/** A KRaft cluster whose metadata.version was raised to a level that can be lowered again: all the way back. */
import type { UpgradeLook } from '../../src/client/upgrade-client';
import type { Stage } from '../../src/demo/stage';
import type { LedgerReport } from '../../src/lab/traffic/traffic';
import type { MessageAnswer } from '../../src/workflows/messages';
import { openTestStage, running, upgradeLeg } from './support/upgrade-leg';

jest.setTimeout(10 * 60_000);

describe('a rollback after a level that can be lowered', () => {
  let stage: Stage;
  let look: UpgradeLook;
  let plain: Promise<MessageAnswer> | null = null;
  let downgrade: Promise<MessageAnswer> | null = null;
  let report: LedgerReport;

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

  it('lowers the level first, then puts the old binaries back', async () => {
    expect(look.ending).toEqual({
      outcome: 'rolled-back',
      message: expect.stringContaining('run 3.8.1 again'),
      hint: '',
    });
    expect(look.status.features.map(({ state }) => state)).toEqual(['lowered']);
    expect(await running(stage)).toEqual(Array.from({ length: 3 }, () => '3.8.1 3.8-IV0'));
  });

  it('loses and duplicates no acknowledged record', () => {
    expect(report).toMatchObject({ lost: 0, duplicated: 0 });
    expect(report.acknowledged).toBeGreaterThan(1_000);
  });
});
