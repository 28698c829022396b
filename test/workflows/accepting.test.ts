/** Answers bound to their parks, and what turns up in mid-upgrade, accepted by name, over the whole workflow. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { completeUpgrade } from '../support/complete-upgrade';
import { FakeWorld } from '../support/fake-world';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { driveUpgrade } from '../support/upgrade-harness';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const soleReplicaOn = (node: number, name: string) => ({ name, replicas: [node], minIsr: 1 });

it('late, doubled and wrong retries touch nothing; each park is done again by its own number only', async () => {
  const world = new FakeWorld({ cluster: 'two-parks' });
  await completeUpgrade(environment, world, async (driver) => {
    await driver.approve('plan');
    await driver.atGate('canary');
    world.node(1).underReplicated = 4;
    await driver.approve('canary');
    await driver.parked('NodeUnhealthy');
    const looks = (): number => world.activityCalls.filter(({ name }) => name === 'restartNode').length;
    const before = looks();
    for (const payload of [undefined, {}, { park: 0 }, { park: 2 }, { pause: 1 }, { park: 'one' }])
      expect(await driver.received('retry', payload)).toMatchObject({ accepted: false });
    expect(looks()).toBe(before);
    const first = await driver.shown('retry');
    await Promise.all([driver.signal('retry', first), driver.signal('retry', first)]);
    await driver.when('the second park', ({ park }) => park === 2);
    expect(await driver.received('retry', first)).toMatchObject({
      accepted: false,
      answer: expect.stringMatching(/^park 1 was answered already; park 2 waits: Broker 3 was not stopped: /),
    });
    expect((await driver.messages()).filter(({ kind, accepted }) => kind === 'retry' && accepted)).toHaveLength(1);
    expect(world.changes('stop')).toEqual(['stop 2: 3.7.2']);
    world.node(1).underReplicated = 0;
    await driver.retry();
    await driver.approve('protocol');
  });
});

it('a topic that nobody knew of is accepted by name at the park, and one that comes still later is not', async () => {
  const world = new FakeWorld({ cluster: 'new-topic', topics: [soleReplicaOn(1, 'tmp-1'), soleReplicaOn(2, 'tmp-2')] });
  await completeUpgrade(environment, world, async (driver) => {
    const { accept, ...answer } = await driver.answer('plan');
    expect(accept).toEqual(['tmp-1', 'tmp-2']);
    world.note('mark', null, 'approved plan');
    await driver.signal('approve', { ...answer, accept: ['tmp-*'] });
    await driver.atGate('canary');
    // The pattern of the approval would fit it; it stands for the topics of the plan.
    world.topics.push(soleReplicaOn(1, 'tmp-3'));
    await driver.approve('canary');
    const { trouble } = await driver.parked('NodeUnhealthy');
    expect(trouble).toMatchObject({ nodeId: 1, acceptable: ['tmp-3'] });
    const shown = await driver.shown('approve');
    expect(shown).toEqual({ park: 1, accept: ['tmp-3'] });
    await driver.received('approve', { ...shown, by: 'kim', comment: 'scratch' });
    await driver.atGate('protocol');
    expect((await driver.status()).accepted).toEqual(['tmp-1', 'tmp-2', 'tmp-3']);
    expect(await driver.timeline()).toContainEqual({
      type: 'accepted',
      atMs: expect.any(Number),
      park: 1,
      accept: ['tmp-3'],
      votes: [{ by: 'kim', comment: 'scratch', ticket: null }],
    });
    world.topics.push(soleReplicaOn(2, 'tmp-4'));
    await driver.approve('protocol');
    await driver.when('the second park', ({ park }) => park === 2);
    await driver.signal('approve', await driver.shown('approve'));
  });
});

it('a group that was retired holds neither its node nor any later gate once it is accepted by name', async () => {
  const world = new FakeWorld({ cluster: 'retired' });
  await driveUpgrade(environment, world, async (driver) => {
    await driver.atGate('plan');
    const sentences = ['group reports is stalled'];
    world.lagAssessment = { ...world.lagAssessment, settled: false, stalled: ['reports'], sentences };
    await driver.approve('plan');
    const { waitingFor } = await driver.parked('NodeUnhealthy');
    expect(waitingFor?.answers.map(({ signal }) => signal)).toEqual(['retry', 'approve', 'rollback', 'abort']);
    const shown = await driver.shown('approve');
    expect(shown).toEqual({ park: 1, accept: ['group:reports'] });
    // Nobody needs to be asked twice, and the second answer finds nothing.
    await Promise.all([driver.signal('approve', shown), driver.signal('approve', shown)]);
    await driver.approveAll(['canary', 'protocol']);
    expect((await driver.result()).outcome).toBe('completed');
    expect((await driver.timeline()).filter(({ type }) => type === 'parked')).toHaveLength(1);
  });
  expect(world.changes('stop')).toHaveLength(6);
});

it('a group is accepted before a look at the whole cluster, too', async () => {
  const world = new FakeWorld({ cluster: 'retired-late' });
  await driveUpgrade(environment, world, async (driver) => {
    await driver.approve('plan');
    await driver.atGate('canary');
    world.activityHooks.set('awaitClusterHealthy', (_attempt, input) => {
      if ((input as { soak: boolean }).soak)
        world.lagAssessment = {
          ...world.lagAssessment,
          settled: false,
          stalled: ['reports'],
          sentences: ['it stalls'],
        };
    });
    await driver.approve('canary');
    const { trouble } = await driver.parked('NodeUnhealthy');
    expect(trouble).toMatchObject({ nodeId: null, acceptable: ['group:reports'] });
    await driver.signal('approve', await driver.shown('approve'));
    await driver.atGate('protocol');
  });
});
