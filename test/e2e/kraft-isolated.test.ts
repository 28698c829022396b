/**
 * KRaft controllers of their own from 3.7.2 to 3.9.2, under live traffic: ended half-way, rolled back by another upgrade that
 * finds both releases, then done.
 */
import type { UpgradeLook } from '../../src/client/upgrade-client';
import type { Stage } from '../../src/demo/stage';
import type { LedgerReport } from '../../src/lab/traffic/traffic';
import { follow } from './support/follow';
import { openTestStage, running, upgradeLeg } from './support/upgrade-leg';

jest.setTimeout(10 * 60_000);

const rolled = ({ status }: UpgradeLook, phase: 'binaries' | 'rollback'): number[] =>
  status.nodes.filter((node) => node[phase]?.state === 'done').map(({ nodeId }) => nodeId);

describe('an upgrade of a KRaft cluster with controllers of its own', () => {
  let stage: Stage;
  let left: UpgradeLook;
  let back: UpgradeLook;
  let afterBack: string[];
  let done: UpgradeLook;
  let restarts: number[];
  let report: LedgerReport;

  const start = () => stage.client.start({ target: '3.9.2', requester: 'test' }, stage.taskQueue);

  const leaveHalfDone = async (): Promise<UpgradeLook> => {
    await start();
    const seen = follow(stage.client, 'canary');
    await seen('the gate of the canary', ({ status }) => status.waitingFor?.gate === 'canary');
    await stage.client.send('abort', { by: 'test', comment: 'not today' });
    return seen('it ends', ({ ending }) => ending !== null);
  };

  const rollBack = async (): Promise<UpgradeLook> => {
    await start();
    await follow(stage.client, 'plan')('the plan', ({ status }) => status.waitingFor?.gate === 'plan');
    await stage.client.send('pause', { by: 'test' });
    const seen = follow(stage.client);
    await seen('it is paused', ({ status }) => status.phase === 'paused');
    await stage.client.send('rollback', { by: 'test', comment: 'nor tomorrow' });
    return seen('it ends', ({ ending }) => ending !== null);
  };

  beforeAll(async () => {
    stage = await openTestStage({
      from: '3.7.2',
      to: '3.9.2',
      mode: 'kraft-isolated',
    });
    left = await leaveHalfDone();
    back = await rollBack();
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
    expect(left.ending).toMatchObject({ outcome: 'aborted' });
    expect(back.ending).toMatchObject({ outcome: 'rolled-back' });
    expect(rolled(back, 'rollback')).toEqual(rolled(left, 'binaries'));
    expect(rolled(back, 'rollback')).toHaveLength(1);
    expect(rolled(back, 'binaries')).toEqual([]);
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
