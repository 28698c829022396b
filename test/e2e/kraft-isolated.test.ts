/** KRaft controllers of their own from 3.7.2 to 3.9.2: first rolled back half-way, then done, under live traffic. */
import type { UpgradeLook } from '../../src/client/upgrade-client';
import type { Stage } from '../../src/demo/stage';
import type { LedgerReport } from '../../src/lab/traffic/traffic';
import { openTestStage, running, upgradeLeg } from './support/upgrade-leg';

jest.setTimeout(10 * 60_000);

const rolled = ({ status }: UpgradeLook, phase: 'binaries' | 'rollback'): number[] =>
  status.nodes.filter((node) => node[phase]?.state === 'done').map(({ nodeId }) => nodeId);

describe('an upgrade of a KRaft cluster with controllers of its own', () => {
  let stage: Stage;
  let back: UpgradeLook;
  let afterBack: string[];
  let done: UpgradeLook;
  let restarts: number[];
  let report: LedgerReport;

  beforeAll(async () => {
    stage = await openTestStage({
      from: '3.7.2',
      to: '3.9.2',
      mode: 'kraft-isolated',
    });
    back = await upgradeLeg({ stage, to: '3.9.2', rollBackAt: 'canary' });
    afterBack = await running(stage);
    done = await upgradeLeg({ stage, to: '3.9.2' });
    restarts = (await stage.client.timeline()).flatMap((event) =>
      event.type === 'node' && event.progress.state === 'rolling' ? [event.nodeId] : [],
    );
    report = await stage.traffic.finish();
  });

  afterAll(async () => {
    await stage.close();
  });

  it('puts the old binary back on the one controller that had the new one', () => {
    expect(back.ending).toMatchObject({ outcome: 'rolled-back' });
    expect(rolled(back, 'rollback')).toEqual(rolled(back, 'binaries'));
    expect(rolled(back, 'rollback')).toHaveLength(1);
    expect(rolled(back, 'rollback')[0]).toBeGreaterThan(100);
    expect(afterBack).toEqual(Array.from({ length: 6 }, () => '3.7.2 3.7-IV4'));
  });

  it('then completes, with metadata.version raised', async () => {
    expect(done.ending).toMatchObject({ outcome: 'completed' });
    expect(await running(stage)).toEqual(Array.from({ length: 6 }, () => '3.9.2 3.9-IV0'));
  });

  it('restarts all controllers before the first broker', () => {
    expect(restarts.slice(0, 3).sort()).toEqual([101, 102, 103]);
    expect(restarts.slice(3)).toEqual([1, 2, 3]);
  });

  it('loses and duplicates no acknowledged record', () => {
    expect(report).toMatchObject({ lost: 0, duplicated: 0 });
    expect(report.acknowledged).toBeGreaterThan(1_000);
  });
});
