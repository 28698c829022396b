import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { MessageKind } from '../../src/domain/people/message';
import type { MessageAnswer } from '../../src/workflows/messages';
import { FakeWorld } from '../support/fake-world';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { driveUpgrade } from '../support/upgrade-harness';
import { violations } from '../support/world-invariants';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

describe('I3: gate plan', () => {
  const refusals: [string, MessageKind, (answer: Record<string, unknown>) => unknown[], string][] = [
    ['a bare resume', 'resume', () => [], 'must be named'],
    ['a bare approve', 'approve', () => [], 'must be named'],
    ['another gate', 'approve', (answer) => [{ ...answer, gate: 'protocol' }], 'gate "protocol" is not open'],
    ['no plan', 'approve', ({ gate }) => [{ gate }], 'the plan must be named'],
    ['a stale plan', 'approve', (answer) => [{ ...answer, plan: 'deadbeef' }], 'is not the plan being carried out'],
    [
      'half a plan',
      'approve',
      (answer) => [{ ...answer, plan: String(answer['plan']).slice(0, 7) }],
      'is not the plan',
    ],
    [
      'no disaster recovery',
      'approve',
      (answer) => [{ ...answer, disasterRecovery: undefined }],
      'disaster-recovery path is not confirmed',
    ],
    [
      'a pasted placeholder',
      'approve',
      (answer) => [{ ...answer, disasterRecovery: 'confirmed by <name>: <how>' }],
      'disaster-recovery path is not confirmed',
    ],
    ['nothing accepted', 'approve', (answer) => [{ ...answer, accept: [] }], 'not accepted by name: audit'],
    [
      'another topic accepted',
      'approve',
      (answer) => [{ ...answer, accept: ['orders'] }],
      'not accepted by name: audit',
    ],
    ['retry', 'retry', (answer) => [answer], 'gate "plan" did not expire'],
  ];

  it('is passed by none of the wrong answers, each refused with the reason; then by the right one', async () => {
    const topics = [
      { name: 'orders', replicas: [1, 2, 3], minIsr: 2 },
      { name: 'audit', replicas: [3], minIsr: 1 },
    ];
    const world = new FakeWorld({ cluster: 'gated', topics });
    await driveUpgrade(environment, world, async (driver) => {
      const answer = await driver.answer('plan');
      expect(answer).toMatchObject({ gate: 'plan', accept: ['audit'] });
      for (const [what, kind, payload, why] of refusals) {
        const { accepted, answer: words } = await driver.received(kind, ...payload(answer));
        expect({ what, accepted, words }).toEqual({ what, accepted: false, words: expect.stringContaining(why) });
      }
      expect(world.log).toEqual([]);
      await driver.approve('plan');
      await driver.atGate('canary');
    });
    expect(violations(world)).toEqual([]);
  });

  it('is passed by `resume` with gate and plan, and in capital letters of the hash', async () => {
    const world = new FakeWorld({ cluster: 'resumed' });
    await driveUpgrade(environment, world, async (driver) => {
      const answer = await driver.answer('plan');
      const shouted = { ...answer, plan: String(answer['plan']).toUpperCase() };
      expect(await driver.received('resume', shouted)).toMatchObject({ accepted: true });
      await driver.atGate('canary');
    });
  });

  it('ends as rejected, with who and why, and nothing is touched', async () => {
    const world = new FakeWorld({ cluster: 'rejected' });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.atGate('plan');
      await driver.signal('reject', { gate: 'plan', by: 'kim', comment: 'not this week' });
      const { outcome, message } = await driver.result();
      expect(outcome).toBe('rejected');
      expect(message).toBe('Ended by kim (not this week). No broker was touched.');
    });
    expect(world.log).toEqual([]);
  });

  it('waits 72 hours for an answer, and takes it then', async () => {
    const world = new FakeWorld({ cluster: 'patient' });
    await driveUpgrade(environment, world, async (driver) => {
      const { startedAtMs } = await driver.atGate('plan');
      await environment.sleep('72 hours');
      await driver.approve('plan');
      await driver.atGate('canary');
      const passed = (await driver.timeline()).find(({ type }) => type === 'gate-passed');
      expect((passed?.atMs ?? 0) - startedAtMs).toBeGreaterThanOrEqual(72 * 3_600_000);
    });
    expect(violations(world)).toEqual([]);
  });
});

describe('I3: an approval does not carry over', () => {
  it('a second approval of the plan passes neither canary nor protocol, and nothing bare passes any', async () => {
    const world = new FakeWorld({ cluster: 'carry' });
    await driveUpgrade(environment, world, async (driver) => {
      const plan = await driver.answer('plan');
      world.note('mark', null, 'approved plan');
      await Promise.all([driver.signal('approve', plan), driver.signal('approve', plan)]);
      await driver.atGate('canary');
      expect(await driver.received('approve', plan)).toMatchObject({ accepted: false });
      expect(world.changes('stop')).toHaveLength(1);
      world.note('mark', null, 'approved canary');
      expect(await driver.received('resume')).toMatchObject({ accepted: false });
      expect(await driver.received('approve')).toMatchObject({ accepted: false });
      expect(await driver.received('resume', { gate: 'canary' })).toMatchObject({ accepted: true });
      await driver.atGate('protocol');
      for (const payload of [
        undefined,
        {},
        null,
        { plan: plan['plan'] },
        plan,
        { gate: 'canary' },
        { gate: 'protocol' },
      ]) {
        expect(await driver.received('resume', payload)).toMatchObject({ accepted: false });
        expect(await driver.received('approve', payload)).toMatchObject({ accepted: false });
      }
      expect(await driver.received('approve', { gate: 'protocol', plan: '00000000' })).toMatchObject({
        accepted: false,
      });
      expect(world.changes('stop')).toHaveLength(3);
      await driver.approve('protocol');
      expect((await driver.result()).outcome).toBe('completed');
    });
    expect(violations(world)).toEqual([]);
  });

  it('an approval that comes before its gate is open is refused, not kept', async () => {
    const world = new FakeWorld({ cluster: 'early' });
    await driveUpgrade(environment, world, async (driver) => {
      const { plan } = await driver.answer('plan');
      expect(await driver.received('approve', { gate: 'protocol', plan })).toMatchObject({ accepted: false });
      await driver.approveAll(['plan', 'canary']);
      const { waitingFor } = await driver.atGate('protocol');
      expect(waitingFor?.afterwards).toContain('IRREVERSIBLE');
    });
    expect(world.changes('stop')).toHaveLength(3);
  });
});

it('a rejected canary ends the upgrade with one broker upgraded, and says how to go on', async () => {
  const world = new FakeWorld({ cluster: 'sick-canary' });
  await driveUpgrade(environment, world, async (driver) => {
    await driver.approve('plan');
    await driver.atGate('canary');
    expect(await driver.received('reject', { gate: 'plan' })).toMatchObject({ accepted: false });
    await driver.signal('reject', { by: 'kim' });
    const { outcome, message } = await driver.result();
    expect(outcome).toBe('rejected');
    expect(message).toContain('Start the upgrade to 3.8.1 again to continue from there');
  });
  expect(world.changes('stop', 'start')).toEqual(['stop 2: 3.7.2', 'start 2: 3.8.1 at 3.7']);
  expect([...world.nodes.values()].map(({ lease }) => lease?.held)).toEqual([false, false, false]);
});

it('answers Updates at once with the same yes or no as signals', async () => {
  const world = new FakeWorld({ cluster: 'updated' });
  await driveUpgrade(environment, world, async (driver) => {
    const answer = await driver.answer('plan');
    const update = (kind: MessageKind, payload?: unknown) =>
      driver.handle.executeUpdate<MessageAnswer, [unknown]>(kind, { args: [payload] });
    expect(await update('resume', {})).toEqual({
      accepted: false,
      answer: expect.stringContaining('gate "plan" is open and must be named'),
    });
    expect(await update('pause', null)).toMatchObject({ accepted: true });
    expect(await update('pause')).toEqual({ accepted: false, answer: 'it is paused already' });
    expect(await update('resume')).toMatchObject({ accepted: false });
    expect(await update('resume', { pause: 1 })).toEqual({ accepted: true, answer: 'the pause is lifted' });
    expect(await update('approve', answer)).toEqual({ accepted: true, answer: 'gate "plan" is passed' });
    await driver.atGate('canary');
  });
});
