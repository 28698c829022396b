/** Maintenance windows, in the time of the workflow, which jumps. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { weekdays } from '../../src/domain/policy/maintenance';
import type { MaintenanceWindow } from '../../src/domain/policy/maintenance';
import { FakeWorld } from '../support/fake-world';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { driveUpgrade } from '../support/upgrade-harness';
import { violations } from '../support/world-invariants';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const hour = 3_600_000;

describe('maintenance windows', () => {
  const nightsUtc: MaintenanceWindow = { days: [...weekdays], from: '22:00', to: '23:00', timeZone: 'UTC' };

  const sleepUntil = async (atMs: number): Promise<void> => {
    await environment.sleep(Math.max(1, atMs - (await environment.currentTimeMs())));
  };

  const tomorrowAt = async (hours: number): Promise<number> =>
    Math.floor((await environment.currentTimeMs()) / (24 * hour)) * 24 * hour + (24 + hours) * hour;

  it('hold back what is not begun, finish what is, and people see until when', async () => {
    await sleepUntil(await tomorrowAt(12));
    const world = new FakeWorld({
      cluster: 'nights',
      policy: { maintenance: { windows: [nightsUtc], freezeUntilMs: null } },
    });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      const waiting = await driver.when('outside', ({ phase }) => phase === 'waiting-for-window');
      expect(waiting.message).toContain('Outside of the maintenance windows (daily 22:00-23:00 UTC)');
      expect(waiting.waitingFor).toBeNull();
      expect(world.log.filter(({ kind }) => kind !== 'mark')).toEqual([]);
      expect(await driver.received('resume')).toMatchObject({
        accepted: false,
        answer: expect.stringContaining('waits for the maintenance window'),
      });
      await environment.sleep('10 hours');
      await driver.atGate('canary');
      expect(world.changes('stop')).toHaveLength(1);
      // The yes comes when the window is over: the next node waits for the next night.
      await environment.sleep('2 hours');
      await driver.approve('canary');
      await driver.when('outside again', ({ phase }) => phase === 'waiting-for-window');
      expect(world.changes('stop')).toHaveLength(1);
      await environment.sleep('24 hours');
      await driver.atGate('protocol');
    });
    expect(violations(world)).toEqual([]);
  });

  it('closed over a weekend and a change of clocks: Monday at the local time', async () => {
    // On Sunday, 28 March 2027, the clocks of Berlin go from 02:00 to 03:00.
    await sleepUntil(Date.UTC(2027, 2, 26, 12));
    const window: MaintenanceWindow = { days: ['mon'], from: '05:00', to: '07:00', timeZone: 'Europe/Berlin' };
    const world = new FakeWorld({
      cluster: 'weekend',
      policy: { maintenance: { windows: [window], freezeUntilMs: null } },
    });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      const { closedWindow } = await driver.when('outside', ({ phase }) => phase === 'waiting-for-window');
      expect(closedWindow?.opensAtMs).toBe(Date.UTC(2027, 2, 29, 3));
      await environment.sleep('63 hours');
      await driver.atGate('canary');
    });
    expect(violations(world)).toEqual([]);
  });

  it('do not hold back a way back, and an abort ends the wait', async () => {
    const world = new FakeWorld({
      cluster: 'way-back',
      policy: { maintenance: { windows: [nightsUtc], freezeUntilMs: null } },
    });
    await sleepUntil(await tomorrowAt(22.5));
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      await environment.sleep('12 hours');
      await driver.signal('rollback', { by: 'kim' });
      await driver.when('it is back', ({ outcome }) => outcome === 'rolled-back');
    });
    const frozen = new FakeWorld({
      cluster: 'frozen',
      policy: { maintenance: { windows: [], freezeUntilMs: (await environment.currentTimeMs()) + 1_000 * hour } },
    });
    await driveUpgrade(environment, frozen, async (driver) => {
      await driver.approve('plan');
      await driver.when('frozen', ({ phase }) => phase === 'waiting-for-window');
      await driver.signal('abort', { by: 'kim' });
      expect((await driver.result()).message).toBe('Ended by kim. No broker was touched.');
    });
    expect(frozen.log.filter(({ kind }) => kind !== 'mark')).toEqual([]);
  });
});
