import { UpgradeError } from '../../../src/domain/common/failure';
import { FakeWorld } from '../../support/fake-world';
import { broughtUp, callsOf, changesOf, gone, restarted, restartInput, startByHand } from '../../support/restart-input';
import { runActivity, startActivity } from '../../support/run-activity';
import { until } from '../../support/until';
import type * as SkippedTime from '../../support/skipped-time';
import { skipTime } from '../../support/skipped-time';

jest.mock('../../../src/activities/poll', () =>
  jest.requireActual<typeof SkippedTime>('../../support/skipped-time').skippingPoll(),
);

describe('a stop whose request was not answered', () => {
  const unanswered = (world: FakeWorld, arrived: boolean): void => {
    let asked = 0;
    world.portHooks.set('requestStop', () => {
      if (asked++ > 0) return;
      if (arrived) gone(world);
      throw new UpgradeError('SshUnreachable', 'the connection broke');
    });
  };

  it('is known by the host: it had arrived, and the node is brought up', async () => {
    const world = new FakeWorld();
    unanswered(world, true);
    expect(await runActivity(world, 'restartNode', restartInput(world))).toMatchObject({ status: 'listening' });
    expect(changesOf(world)).toEqual(broughtUp);
  });

  it('is known by the host: it had not arrived, and the gate is measured again', async () => {
    const world = new FakeWorld();
    unanswered(world, false);
    expect(await runActivity(world, 'restartNode', restartInput(world))).toMatchObject({ status: 'listening' });
    expect(changesOf(world)).toEqual(restarted);
    expect(callsOf(world, 'requestStop 2')).toBe(2);
  });

  it('leaves a node that may be down when the host is not heard again', async () => {
    const world = new FakeWorld();
    unanswered(world, true);
    let looks = 0;
    world.portHooks.set('lookAtRestart', () => {
      if (looks++ > 0) throw new UpgradeError('SshUnreachable', 'no route');
    });
    const { result } = startActivity(world, 'restartNode', restartInput(world));
    await until('the host is silent', () => looks > 1);
    skipTime(200_000);
    expect(await result).toMatchObject({ status: 'failed', cause: { type: 'HostLost' }, nodeIsDown: true });
  });
});

describe('a process that somebody starts between stop and bring-up', () => {
  const started = (world: FakeWorld, times: number): void => {
    let left = times;
    world.portHooks.set('bringUp', () => {
      if (left-- > 0) startByHand(world);
    });
  };

  it('I1: gets nothing switched under it, is stopped again under the gate, then the node is brought up', async () => {
    const world = new FakeWorld();
    started(world, 1);
    const result = await runActivity(world, 'restartNode', restartInput(world));
    expect(result).toMatchObject({ status: 'listening', stop: { clean: true }, putBack: null });
    expect(result.evidence.join('\n')).toContain('back to the gate: the broker runs as 1001');
    expect(changesOf(world)).toEqual(['stop 2: 3.7.2', ...restarted]);
    expect(callsOf(world, 'clock 2')).toBe(2);
    expect(world.log.map(({ down }) => down)).toEqual([[], [], [2], [2], [2]]);
  });

  it('is not stopped while the gate is closed', async () => {
    const world = new FakeWorld({ policy: { healthyDeadlineMs: 30 } });
    started(world, 1);
    world.portHooks.set('awaitStop', () => {
      world.node(1).underReplicated = 3;
    });
    const result = await runActivity(world, 'restartNode', restartInput(world));
    expect(result).toMatchObject({ status: 'blocked', message: expect.stringContaining('broker 1') });
    expect(changesOf(world)).toEqual(['stop 2: 3.7.2']);
  });

  it('ends the restart the third time: people have to hold off whoever starts it; the node is not down', async () => {
    const world = new FakeWorld();
    started(world, 3);
    const result = await runActivity(world, 'restartNode', restartInput(world));
    expect(result).toMatchObject({ status: 'failed', cause: { type: 'StartedElsewhere' }, nodeIsDown: false });
    expect(changesOf(world)).toEqual(Array(3).fill('stop 2: 3.7.2'));
    expect(world.node(2).link).toBe('3.7.2');
  });
});
