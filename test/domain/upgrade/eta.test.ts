import { remainingWords, remainingWork } from '../../../src/domain/upgrade/eta';
import type { RemainingWork } from '../../../src/domain/upgrade/eta';
import type { UpgradeEventBody, UpgradeState } from '../../../src/domain/upgrade/upgrade-state';
import { upgradeStatus } from '../../../src/domain/upgrade/upgrade-status';
import { kraftStateAfter, midFinalization } from '../../support/kraft-fixture';
import { item, midFirstRoll, planMade, sampleTiming, stateAfter } from '../../support/upgrade-fixture';

const left = (state: UpgradeState): RemainingWork | null => upgradeStatus(state).remaining;

const done = (nodeId: number, totalMs: number, phase: 'binaries' | 'protocol' = 'binaries'): UpgradeEventBody => ({
  type: 'node',
  phase,
  nodeId,
  progress: { state: 'done', detail: '', timing: { ...sampleTiming, totalMs } },
});

const rollDone = [planMade(), done(1, 40_000), done(2, 60_000), done(3, 900_000), item(5, 'done')];

const soakMs = 30_000;

describe('remainingWork', () => {
  it('assumes what no restart has shown yet', () => {
    // Six restarts of a minute and a soak each, and a soak after each of two rolls.
    expect(left(stateAfter(planMade()))).toEqual({
      totalMs: 6 * 90_000 + 2 * soakMs,
      restarts: 6,
      restartMs: 90_000,
      measured: 0,
      peopleAhead: true,
    });
  });

  it('goes by what was measured as soon as there is anything', () => {
    // Broker 1 and 3 of this roll, all three of the next.
    const expected = { totalMs: 5 * 36_200 + 2 * soakMs, restartMs: 36_200, measured: 1 };
    expect(left(stateAfter(...midFirstRoll))).toMatchObject(expected);
  });

  it('takes the median: one broker that recovers its logs is no measure for the others', () => {
    const expected = { totalMs: 3 * 60_000 + soakMs, restartMs: 60_000, measured: 3 };
    expect(left(stateAfter(...rollDone))).toMatchObject(expected);
    expect(left(stateAfter(planMade(), done(1, 40_000), done(2, 60_000)))?.restartMs).toBe(50_000);
  });

  it('prefers the restarts of the same roll', () => {
    const state = stateAfter(...rollDone, done(1, 20_000, 'protocol'));
    expect(left(state)).toMatchObject({ totalMs: 2 * 20_000 + soakMs, restartMs: 20_000, measured: 1 });
  });

  it('keeps the soak of the cluster after the last restart', () => {
    const state = stateAfter(...rollDone.slice(0, -1), item(5, 'running'));
    expect(left(state)?.totalMs).toBe(soakMs + 3 * 60_000 + soakMs);
  });

  it('counts a soak for each KRaft feature, and no second roll', () => {
    const features = upgradeStatus(kraftStateAfter(...midFinalization())).features;
    const open = features.filter(({ state }) => state !== 'raised').length;
    expect(left(kraftStateAfter(...midFinalization()))?.totalMs).toBe(open * soakMs);
  });

  it.each<[string, UpgradeEventBody[]]>([
    ['before the plan is made', []],
    ['at a gate', [planMade(), { type: 'gate-opened', gate: 'plan' }]],
    ['while it is paused', [...midFirstRoll, { type: 'paused', by: 'kim', comment: null }]],
    ['outside of the windows', [...midFirstRoll, { type: 'window', closed: { words: 'closed', opensAtMs: 1 } }]],
    ['at the end', [...midFirstRoll, { type: 'ended', outcome: 'completed', message: 'x' }]],
    ['while it ends', [...midFirstRoll, { type: 'end-requested', outcome: 'aborted', by: null, comment: null }]],
    ['before the first node is put back', [...midFirstRoll, { type: 'rollback-started' }]],
  ])('says nothing %s', (_when, events) => {
    expect(left(stateAfter(...events))).toBeNull();
  });

  it('says nothing when nothing is left', () => {
    const state = stateAfter(...rollDone, ...[1, 2, 3].map((id) => done(id, 1, 'protocol')), item(7, 'done'));
    expect(left(state)).toBeNull();
  });

  it('counts on the way back the nodes that were touched', () => {
    const state = stateAfter(
      ...midFirstRoll,
      { type: 'rollback-started' },
      {
        type: 'node',
        phase: 'rollback',
        nodeId: 1,
        progress: { state: 'rolling', detail: '', timing: null },
      },
    );
    expect(left(state)).toMatchObject({ totalMs: 2 * 36_200 + soakMs, measured: 1, peopleAhead: false });
  });

  it('is a function of the state alone', () => {
    const state = stateAfter(...midFirstRoll);
    expect(remainingWork(state, upgradeStatus(state))).toEqual(left(state));
  });
});

describe('remainingWords', () => {
  const work = { restarts: 2, restartMs: 60_000, measured: 3, peopleAhead: false };

  it.each([
    [29_000, 'less than a minute, from 3 restarts measured'],
    [12 * 60_000 + 20_000, 'about 12 min, from 3 restarts measured'],
    [65 * 60_000, 'about 1 h 05 min, from 3 restarts measured'],
  ])('rounds %d ms', (totalMs, words) => {
    expect(remainingWords({ ...work, totalMs })).toBe(words);
  });

  it('takes off what has passed of the restart, and never more than one lasts', () => {
    expect(remainingWords({ ...work, totalMs: 180_000 }, 55_000)).toContain('about 2 min');
    expect(remainingWords({ ...work, totalMs: 180_000 }, 600_000)).toContain('about 2 min');
    expect(remainingWords({ ...work, totalMs: 180_000 }, -5)).toContain('about 3 min');
  });

  it('says where it is from', () => {
    const assumed = { ...work, totalMs: 60_000, measured: 0, peopleAhead: true };
    expect(remainingWords(assumed)).toBe(
      'about 1 min, assumed, no restart is measured yet, without the waits for people',
    );
    expect(remainingWords({ ...work, totalMs: 60_000, measured: 1 })).toBe('about 1 min, from 1 restart measured');
    expect(remainingWords({ ...work, totalMs: 60_000, restarts: 0 })).toBe('about 1 min');
  });
});
