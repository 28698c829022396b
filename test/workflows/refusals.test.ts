import { ApplicationFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { failureHint, UpgradeError } from '../../src/domain/common/failure';
import { FakeWorld } from '../support/fake-world';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { driveUpgrade } from '../support/upgrade-harness';
import type { RunOptions, UpgradeDriver } from '../support/upgrade-harness';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const failureOf = async (driver: UpgradeDriver): Promise<{ type: string; message: string }> => {
  try {
    await driver.result();
  } catch (error) {
    if (error instanceof WorkflowFailedError && error.cause instanceof ApplicationFailure) {
      return { type: error.cause.type ?? '', message: error.cause.message };
    }
    throw error;
  }
  throw new Error('the workflow did not fail');
};

const refusal = (world: FakeWorld, options: RunOptions = {}) => driveUpgrade(environment, world, failureOf, options);

describe('a start that cannot be meant', () => {
  it('under another workflow id is refused at once with the right one, and no activity is called', async () => {
    const world = new FakeWorld({ cluster: 'locked' });
    const { type, message } = await refusal(world, { workflowId: 'my upgrade' });
    expect(type).toBe('WrongWorkflowId');
    expect(message).toContain('start it with workflow id "kafka-upgrade/locked"');
    expect(world.activityCalls).toEqual([]);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'orders-prod'],
    ['a list', [{ cluster: 'invalid', target: '3.8.1' }]],
    ['no target', { cluster: 'invalid' }],
    ['a target that is a number', { cluster: 'invalid', target: 3.8 }],
    ['an unknown field', { cluster: 'invalid', target: '3.8.1', force: true }],
    ['a canary that is no id', { cluster: 'invalid', target: '3.8.1', canary: '1' }],
    ['takeOver as text', { cluster: 'invalid', target: '3.8.1', takeOver: 'yes' }],
  ])('with %s is refused with an example, and no activity is called', async (_, input) => {
    const world = new FakeWorld({ cluster: 'invalid' });
    const { type, message } = await refusal(world, { input });
    expect(type).toBe('InvalidRequest');
    expect(message).toContain('{"cluster":"orders-prod","target":"3.8.1"}');
    expect(world.activityCalls).toEqual([]);
  });

  it.each([
    ['a cluster without definition', { cluster: 'unknown', target: '3.8.1' }, 'UnknownCluster'],
    ['a target that is no release', { cluster: 'planned', target: '3.8' }, 'InvalidRequest'],
    ['a canary that is not there', { cluster: 'planned', target: '3.8.1', canary: 9 }, 'InvalidRequest'],
  ])('with %s fails in planning, without a second try', async (_, input, wanted) => {
    const world = new FakeWorld({ cluster: 'planned' });
    const { type } = await refusal(world, { input, workflowId: `kafka-upgrade/${input.cluster}` });
    expect(type).toBe(wanted);
    expect(world.activityCalls.map(({ name }) => name)).toEqual(['planUpgrade']);
    expect(world.log).toEqual([]);
  });
});

describe('a plan with blockers', () => {
  it.each([
    ['a missing release', 'ReleaseMissing', (world: FakeWorld) => (world.node(2).installed = ['3.7.2'])],
    ['an unmeasurable broker', 'NodeUnhealthy', (world: FakeWorld) => (world.node(2).underReplicated = null)],
  ])('for %s fails with its type, and nothing is touched', async (_, wanted, spoil) => {
    const world = new FakeWorld({ cluster: 'blocked' });
    spoil(world);
    const { type, message } = await refusal(world);
    expect(type).toBe(wanted);
    expect(message).toContain('blockers; nothing was touched');
    expect(world.log).toEqual([]);
  });

  it('shows the blocked plan in status and timeline', async () => {
    const world = new FakeWorld({ cluster: 'blocked' });
    world.node(2).installed = ['3.7.2'];
    await driveUpgrade(environment, world, async (driver) => {
      await failureOf(driver);
      const { items } = await driver.status();
      expect(items[0]).toMatchObject({ item: 1, state: 'failed', detail: '1 blockers' });
      expect((await driver.timeline()).map(({ type }) => type)).toContain('plan-made');
    });
  });
});

describe('the audit trail of an upgrade that failed', () => {
  it('ends with what failed and why, the hint once, and no item that runs', async () => {
    const world = new FakeWorld({ cluster: 'told' });
    world.portHooks.set('storeLease', () => {
      throw new UpgradeError(
        'HostRefused',
        'host-2 refused storing the lease: /var/lib/kafka-upgrade cannot be created.',
      );
    });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      const { message } = await failureOf(driver);
      expect(world.activityCalls.filter(({ name }) => name === 'claimCluster')).toHaveLength(1);
      expect(message.split(failureHint('HostRefused'))).toHaveLength(2);
      const events = await driver.timeline();
      expect(events.slice(-2)).toMatchObject([
        { type: 'item', item: 2, state: 'failed', detail: 'owning the cluster' },
        { type: 'ended', outcome: 'failed', message },
      ]);
      const { items, phase, outcome, waitingFor } = await driver.status();
      expect(items.filter(({ state }) => state === 'running' || state === 'waiting')).toEqual([]);
      expect({ phase, outcome, waitingFor }).toEqual({ phase: 'failed', outcome: 'failed', waitingFor: null });
    });
  });

  it('ends so, too, when not even a plan could be made', async () => {
    const world = new FakeWorld({ cluster: 'unknown-yet' });
    world.node(3).process = null;
    await driveUpgrade(environment, world, async (driver) => {
      await failureOf(driver);
      expect((await driver.timeline()).at(-1)).toMatchObject({
        type: 'ended',
        outcome: 'failed',
        message: expect.stringContaining('broker 3'),
      });
    });
  });
});

describe('trouble before the first change of a host', () => {
  it('ends without a plan while a broker is down', async () => {
    const world = new FakeWorld({ cluster: 'incomplete' });
    world.node(3).process = null;
    const { type, message } = await refusal(world);
    expect(type).toBe('BrokerUnreachable');
    expect(message).toContain('broker 3');
    expect(world.log).toEqual([]);
  });

  it('ends with the type of a transient failure once its retries are used up', async () => {
    const world = new FakeWorld({ cluster: 'unreachable' });
    world.portHooks.set('inspect', () => {
      throw new UpgradeError('SshUnreachable', 'no route to host-2');
    });
    const { type, message } = await refusal(world);
    expect(type).toBe('SshUnreachable');
    expect(message).toContain('no route to host-2');
    expect(world.activityCalls.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it('a file that changed since the plan ends it as ConfigDrift at the backup, and the lease is released', async () => {
    const world = new FakeWorld({ cluster: 'drifted' });
    const { type, message } = await driveUpgrade(environment, world, async (driver) => {
      await driver.atGate('plan');
      world.node(3).properties += 'num.io.threads=16\n';
      await driver.approve('plan');
      return failureOf(driver);
    });
    expect(type).toBe('ConfigDrift');
    expect(message).toContain('kafka@10.0.0.3:22');
    expect(world.changes('file', 'stop')).toEqual([]);
    expect([...world.nodes.values()].map(({ lease }) => lease?.held)).toEqual([false, false, false]);
  });

  it('a failed disaster-recovery probe ends it, says what to do, and releases the lease', async () => {
    const world = new FakeWorld({ cluster: 'no-dr', probe: true });
    world.probeExitCode = 3;
    const { type, message } = await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      return failureOf(driver);
    });
    expect(type).toBe('DisasterRecoveryUnconfirmed');
    expect(message).toContain('ended with exit code 3');
    expect(message).toContain('start again');
    expect(world.changes('backup', 'file', 'stop')).toEqual([]);
    expect([...world.nodes.values()].map(({ lease }) => lease?.held)).toEqual([false, false, false]);
  });

  it('a cluster that another upgrade owns is refused with the owner; nothing is stored', async () => {
    const world = new FakeWorld({ cluster: 'owned' });
    const other = { clusterId: 'kafka-cluster-A', owner: 'other/default/kafka-upgrade/x', runId: 'r', epoch: 4 };
    world.node(2).lease = { ...other, step: 3, attempt: 1, held: true };
    const { type, message } = await refusal(world);
    expect(type).toBe('LeaseHeld');
    expect(message).toContain('other/default/kafka-upgrade/x');
    expect(world.changes('lease', 'file', 'stop')).toEqual([]);
  });

  it('one that another upgrade owns since the plan was made is refused at the claim', async () => {
    const world = new FakeWorld({ cluster: 'owned-later' });
    const other = { clusterId: 'kafka-cluster-A', owner: 'other/default/kafka-upgrade/x', runId: 'r', epoch: 4 };
    const { type, message } = await driveUpgrade(environment, world, async (driver) => {
      await driver.atGate('plan');
      world.node(2).lease = { ...other, step: 3, attempt: 1, held: true };
      await driver.approve('plan');
      return failureOf(driver);
    });
    expect(type).toBe('LeaseHeld');
    expect(message).toContain('belongs to another upgrade: other/default/kafka-upgrade/x');
    expect(world.changes('lease', 'file', 'stop')).toEqual([]);
  });

  it('takes over from a dead owner when a person says so', async () => {
    const world = new FakeWorld({ cluster: 'owned' });
    const other = { clusterId: 'kafka-cluster-A', owner: 'other/default/kafka-upgrade/x', runId: 'r', epoch: 4 };
    world.node(2).lease = { ...other, step: 3, attempt: 1, held: true };
    const input = { cluster: 'owned', target: '3.8.1', takeOver: true };
    await driveUpgrade(
      environment,
      world,
      async (driver) => {
        await driver.approve('plan');
        await driver.atGate('canary');
      },
      { input },
    );
    expect(world.node(1).lease).toMatchObject({ epoch: 5, held: true });
  });

  it('a definition that changed since the plan ends it', async () => {
    const world = new FakeWorld({ cluster: 'redefined' });
    const { type, message } = await driveUpgrade(environment, world, async (driver) => {
      await driver.atGate('plan');
      world.definitionSha256 = 'e'.repeat(64);
      world.definition.written = { ...world.definition.written, 'policy.soakSeconds': '10' };
      await driver.approve('plan');
      return failureOf(driver);
    });
    expect(type).toBe('PlanHashMismatch');
    expect(message).toMatch(/\(eeeeeeee instead of dddddddd\)\. .*: policy\.soakSeconds: not written → 10\./);
    expect(world.changes('lease', 'file', 'stop')).toEqual([]);
  });
});
