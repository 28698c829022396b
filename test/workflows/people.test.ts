/** Waits for people and for the clock: in the time of the workflow, which jumps. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { defaultApprovals } from '../../src/domain/policy/approval-policy';
import type { ApprovalPolicy, GateRule } from '../../src/domain/policy/approval-policy';
import type { UpgradeEvent } from '../../src/domain/upgrade/upgrade-state';
import { FakeWorld } from '../support/fake-world';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { driveUpgrade } from '../support/upgrade-harness';
import type { UpgradeDriver } from '../support/upgrade-harness';
import { violations } from '../support/world-invariants';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const hour = 3_600_000;

const approvals = (overrides: Partial<ApprovalPolicy>): ApprovalPolicy => ({ ...defaultApprovals, ...overrides });
const rule = (overrides: Partial<GateRule>): GateRule => ({ ...defaultApprovals.rule, ...overrides });

const ofType = async <Type extends UpgradeEvent['type']>(
  driver: UpgradeDriver,
  type: Type,
): Promise<(UpgradeEvent & { type: Type })[]> =>
  (await driver.timeline()).filter((event): event is UpgradeEvent & { type: Type } => event.type === type);

/** What was heard of a wait: kind, hours after it began. */
const alarms = async (driver: UpgradeDriver): Promise<string[]> =>
  (await ofType(driver, 'alarm')).map(({ alarm, wait, waitedMs }) => `${alarm} ${wait} ${waitedMs / hour} h`);

describe('72 hours without an answer', () => {
  it('are heard: a reminder a day, an escalation, an expiry; then nothing passes until it is asked anew', async () => {
    const policy = {
      approvals: approvals({ remindEveryMs: 24 * hour, escalateAfterMs: 36 * hour, expireAfterMs: 60 * hour }),
    };
    const world = new FakeWorld({ cluster: 'silent', policy });
    await driveUpgrade(environment, world, async (driver) => {
      const answer = await driver.answer('plan');
      await environment.sleep('72 hours');
      await driver.when('it is expired', ({ waitingFor }) => waitingFor?.answers[0]?.signal === 'retry');
      // The plain reminders go on: an upgrade that waits is never silent.
      expect(await alarms(driver)).toEqual(
        expect.arrayContaining(['reminder gate plan 24 h', 'escalation gate plan 36 h', 'reminder gate plan 48 h']),
      );
      expect(await ofType(driver, 'gate-expired')).toMatchObject([{ gate: 'plan', waitedMs: 60 * hour }]);
      expect(await driver.received('approve', answer)).toMatchObject({
        accepted: false,
        answer: expect.stringContaining('expired without an answer'),
      });
      expect(world.log).toEqual([]);
      expect(await driver.received('retry', { by: 'kim', gate: 'plan' })).toMatchObject({ accepted: true });
      await driver.approve('plan');
      await driver.atGate('canary');
    });
    expect(violations(world)).toEqual([]);
  });

  it('at a parked step are heard, too, but never expire', async () => {
    const policy = {
      approvals: approvals({ remindEveryMs: 24 * hour, escalateAfterMs: 30 * hour, expireAfterMs: 40 * hour }),
    };
    const world = new FakeWorld({ cluster: 'parked-long', policy });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      world.node(1).process = null;
      await driver.approve('canary');
      await driver.parked();
      await environment.sleep('50 hours');
      expect(await alarms(driver)).toEqual([
        'reminder the repair of what is parked 24 h',
        'escalation the repair of what is parked 30 h',
        'reminder the repair of what is parked 48 h',
      ]);
      expect((await driver.status()).phase).toBe('parked');
    });
  });
});

describe('a gate for 2 of 3', () => {
  const policy = {
    approvals: approvals({
      gates: { plan: rule({ quorum: 2, approvers: ['kim', 'jo', 'max'], requesterMayApprove: false }) },
    }),
  };
  const input = { cluster: 'quorum', target: '3.8.1', requester: 'max' };

  it('takes no yes of the requester, of strangers, twice of one, or for an old plan; then two', async () => {
    const world = new FakeWorld({ cluster: 'quorum', policy });
    await driveUpgrade(
      environment,
      world,
      async (driver) => {
        const answer = await driver.answer('plan');
        const yes = async (by: string, more = {}): Promise<string> => {
          const { accepted, answer: words } = await driver.received('approve', { ...answer, by, ...more });
          return `${accepted ? 'yes' : 'no'}: ${words}`;
        };
        expect(await yes('Max')).toMatch(/^no: Max asked for this upgrade/);
        expect(await yes('eve')).toBe('no: eve may not approve this gate; kim, jo, max may');
        expect(await yes('kim')).toMatch(/^yes: approval 1 of 2/);
        expect(await yes('KIM')).toMatch(/^no: KIM has approved already/);
        expect(await yes('jo', { plan: 'deadbeef' })).toMatch(/^no: plan "deadbeef" is not the plan/);
        expect((await driver.status()).waitingFor).toMatchObject({ gate: 'plan', approvedBy: ['kim'] });
        expect(world.log).toEqual([]);
        world.note('mark', null, 'approved plan');
        expect(await yes('jo')).toBe('yes: gate "plan" is passed');
        await driver.atGate('canary');
      },
      { input },
    );
    expect(violations(world)).toEqual([]);
  });

  it('that keeps the requester out ends at once when nobody says who asks', async () => {
    const world = new FakeWorld({ cluster: 'nobody', policy });
    await driveUpgrade(environment, world, async (driver) => {
      await expect(driver.result()).rejects.toMatchObject({
        cause: { type: 'InvalidRequest', message: expect.stringContaining('does not say who asks') },
      });
    });
    expect(world.log).toEqual([]);
  });
});

it('twenty signals at once: each is recorded, one passes the gate, none is lost', async () => {
  const world = new FakeWorld({ cluster: 'crowd' });
  await driveUpgrade(environment, world, async (driver) => {
    const answer = await driver.answer('plan');
    world.note('mark', null, 'approved plan');
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => driver.signal('approve', { ...answer, by: `person-${index}` })),
    );
    await driver.atGate('canary');
    const messages = await driver.messages();
    expect(new Set(messages.map(({ by }) => by)).size).toBe(20);
    expect(messages.filter(({ accepted }) => accepted)).toHaveLength(1);
  });
  expect(violations(world)).toEqual([]);
});

it('asks before each node where the policy wants it, each by its own gate', async () => {
  const world = new FakeWorld({ cluster: 'each', policy: { approvals: approvals({ eachNode: true }) } });
  await driveUpgrade(environment, world, async (driver) => {
    await driver.approveAll(['plan', 'canary']);
    const third = await driver.answer('node-3');
    expect(third).toMatchObject({ gate: 'node-3' });
    expect(world.changes('stop')).toHaveLength(1);
    expect(await driver.received('resume')).toMatchObject({ accepted: false });
    await driver.approve('node-3');
    await driver.atGate('node-1');
    // The same yes again, late: it names a node that is done.
    expect(await driver.received('approve', third)).toMatchObject({ accepted: false });
    expect(world.changes('stop')).toHaveLength(2);
    await driver.approveAll(['node-1', 'protocol', 'node-2', 'node-3', 'node-1']);
    expect((await driver.result()).outcome).toBe('completed');
  });
  expect(violations(world)).toEqual([]);
});

describe('a plan that waited', () => {
  it('is made again before it is carried out, and goes on when it holds', async () => {
    const world = new FakeWorld({ cluster: 'old-plan' });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.atGate('plan');
      await environment.sleep('3 days');
      await driver.approve('plan');
      await driver.atGate('canary');
      expect(world.activityCalls.filter(({ name }) => name === 'planUpgrade')).toHaveLength(2);
      expect(await ofType(driver, 'plan-made')).toHaveLength(1);
    });
    expect(violations(world)).toEqual([]);
  });

  it('is asked for again when a file changed: the old approval passes nothing', async () => {
    const world = new FakeWorld({ cluster: 'drifted-plan' });
    await driveUpgrade(environment, world, async (driver) => {
      const old = await driver.answer('plan');
      await environment.sleep('3 days');
      world.node(2).properties += 'num.io.threads=16\n';
      await driver.signal('approve', old);
      const asked = await driver.when('it is asked again', ({ waitingFor, plan }) => {
        return waitingFor?.gate === 'plan' && plan !== old['plan'];
      });
      expect(asked.plan).not.toBe(old['plan']);
      expect(await ofType(driver, 'evidence')).toContainEqual(
        expect.objectContaining({ lines: ['server.properties of node 2 changed'] }),
      );
      expect(await driver.received('approve', old)).toMatchObject({
        accepted: false,
        answer: expect.stringContaining('is not the plan being carried out'),
      });
      expect(world.log).toEqual([]);
      await driver.approve('plan');
      await driver.atGate('canary');
    });
    expect(violations(world)).toEqual([]);
  });
});

it('a message after the end is told so, by an Update as by a signal', async () => {
  const world = new FakeWorld({ cluster: 'after' });
  await driveUpgrade(environment, world, async (driver) => {
    await driver.atGate('plan');
    await driver.signal('reject', { by: 'kim' });
    await driver.result();
    await expect(driver.signal('approve', {})).rejects.toThrow(/not found|completed/i);
  });
});
