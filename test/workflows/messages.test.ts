import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { messageKinds } from '../../src/domain/people/message';
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

const junk: unknown[] = [
  undefined,
  null,
  0,
  Number.MAX_SAFE_INTEGER,
  true,
  '',
  'yes please',
  [],
  [[[{ gate: 'plan' }]]],
  {},
  { gate: null, plan: null },
  { gate: ['plan'], plan: { hash: 1 }, by: 7, accept: { a: 1 } },
  { gate: '__proto__', plan: 'constructor' },
  { ['__proto__']: { gate: 'plan' } },
  { comment: 'x'.repeat(100_000) },
];

/** Sends every message with every junk payload, without `abort` and `reject`, whose payload does not matter. */
const sendJunk = async (driver: UpgradeDriver): Promise<number> => {
  const kinds = messageKinds.filter((kind) => kind !== 'abort' && kind !== 'reject' && kind !== 'pause');
  for (const kind of kinds) for (const payload of junk) await driver.signal(kind, payload);
  return kinds.length * junk.length;
};

/** What the web UI and the CLI can put into a payload beside JSON that parses. */
const undecodable = [
  { encoding: 'json/protobuf', data: '{"gate":"plan"}' },
  { encoding: 'json/plain', data: '{gate: plan' },
  { encoding: 'binary/encrypted', data: 'secret' },
  { encoding: '', data: '' },
];

describe('messages that make no sense', () => {
  it('are refused and recorded at a gate, and the upgrade goes on', async () => {
    const world = new FakeWorld({ cluster: 'junk' });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.atGate('plan');
      const sent = await sendJunk(driver);
      await driver.approve('plan');
      await driver.atGate('canary');
      const records = await driver.messages();
      expect(records).toHaveLength(sent + 1);
      expect(records.filter(({ accepted }) => accepted)).toHaveLength(1);
      expect(Math.max(...records.map(({ comment }) => comment?.length ?? 0))).toBe(1_000);
    });
    expect(violations(world)).toEqual([]);
  });

  it.each(undecodable)('with a payload of encoding "$encoding" do not wedge the workflow', async (payload) => {
    const world = new FakeWorld({ cluster: `undecodable` });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.atGate('plan');
      const metadata = payload.encoding === '' ? {} : { encoding: Buffer.from(payload.encoding) };
      await environment.client.workflowService.signalWorkflowExecution({
        namespace: environment.namespace ?? 'default',
        workflowExecution: { workflowId: driver.handle.workflowId },
        signalName: 'approve',
        input: { payloads: [{ metadata, data: Buffer.from(payload.data) }] },
      });
      await driver.when('the message is refused', () => true);
      await driver.approve('plan');
      await driver.atGate('canary');
      expect((await driver.messages()).map(({ accepted }) => accepted)).toEqual([false, true]);
    });
  });

  it('under a name that nobody knows change nothing, and the timeline says which names there are', async () => {
    const world = new FakeWorld({ cluster: 'unknown-signal' });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.atGate('plan');
      await driver.handle.signal('aprove', await driver.answer('plan'));
      await driver.approve('plan');
      await driver.atGate('canary');
      const unknown = (await driver.timeline()).filter((event) => event.type === 'evidence');
      expect(unknown[0]).toMatchObject({
        title: 'unknown message',
        lines: [
          '"aprove" means nothing here; known are approve, reject, resume, pause, retry, rollback, abort, confirmDr',
        ],
      });
    });
  });
});

it('twenty approvals at once pass the gate once', async () => {
  const world = new FakeWorld({ cluster: 'twenty' });
  await driveUpgrade(environment, world, async (driver) => {
    const answer = await driver.answer('plan');
    await Promise.all(Array.from({ length: 20 }, () => driver.signal('approve', answer)));
    await driver.atGate('canary');
    const records = await driver.messages();
    expect(records).toHaveLength(20);
    expect(records.filter(({ accepted }) => accepted)).toHaveLength(1);
    expect((await driver.timeline()).filter(({ type }) => type === 'gate-passed')).toHaveLength(1);
  });
  expect(world.changes('stop')).toHaveLength(1);
});

describe('messages that come before a worker has seen the upgrade', () => {
  it('are read in the order in which they were sent', async () => {
    const world = new FakeWorld({ cluster: 'impatient' });
    await driveUpgrade(
      environment,
      world,
      async (driver) => {
        await driver.atGate('plan');
        const records = await driver.messages();
        expect(records.map(({ kind, accepted }) => `${kind} ${accepted}`)).toEqual([
          'approve false',
          'pause true',
          'resume true',
          'pause true',
        ]);
        await driver.approve('plan');
        await driver.when('paused', ({ phase }) => phase === 'paused');
      },
      {
        early: async (driver) => {
          await driver.signal('approve', { gate: 'plan', plan: '00000000' });
          await driver.signal('pause');
          await driver.signal('resume', { pause: 1 });
          await driver.signal('pause');
        },
      },
    );
    expect(world.changes('stop')).toEqual([]);
  });

  it('an abort ends it before anything is touched', async () => {
    const world = new FakeWorld({ cluster: 'regretted' });
    const early = (driver: UpgradeDriver): Promise<void> => driver.signal('abort', { by: 'kim' });
    const result = await driveUpgrade(environment, world, (driver) => driver.result(), { early });
    expect(result).toMatchObject({ outcome: 'aborted', message: 'Ended by kim. No broker was touched.' });
    expect(world.log).toEqual([]);
  });
});

describe('a pause', () => {
  it('holds the roll before the next node and keeps every gate closed that is not passed by name', async () => {
    const world = new FakeWorld({ cluster: 'paused' });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      await driver.received('pause', { by: 'kim' });
      world.note('mark', null, 'approved canary');
      await driver.signal('approve', { gate: 'canary' });
      const { waitingFor, message } = await driver.when('paused', ({ phase }) => phase === 'paused');
      expect(waitingFor?.answers[0]).toEqual({ signal: 'resume', payload: '{"pause":1}' });
      expect(message).toContain('Paused by an operator');
      expect(world.changes('stop')).toHaveLength(1);
      expect(await driver.received('resume')).toMatchObject({ accepted: false });
      expect(await driver.received('resume', { pause: 1 })).toMatchObject({
        accepted: true,
        answer: 'the pause is lifted',
      });
      await driver.atGate('protocol');
    });
    expect(violations(world)).toEqual([]);
  });

  it('is lifted by its number, twice if need be; the gate behind it stays closed', async () => {
    const world = new FakeWorld({ cluster: 'paused-gate' });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      await driver.received('pause');
      expect(await driver.received('resume', { pause: 1 })).toMatchObject({ answer: 'the pause is lifted' });
      const second = await driver.received('resume', { pause: 1, by: 'jo' });
      expect(second).toMatchObject({ accepted: false, answer: expect.stringMatching(/^pause 1 was answered already/) });
      expect(await driver.received('resume')).toMatchObject({ accepted: false });
      await driver.atGate('canary');
      expect(world.changes('stop')).toHaveLength(1);
      expect(await driver.received('resume', { gate: 'canary' })).toMatchObject({ answer: 'gate "canary" is passed' });
    });
  });
});
