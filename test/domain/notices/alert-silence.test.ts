import { isTouchingNodes, silenceLifeMs, silenceRenewalMs } from '../../../src/domain/notices/alert-silence';
import type { UpgradeEventBody } from '../../../src/domain/upgrade/upgrade-state';
import { item, midFirstRoll, planMade, stateAfter } from '../../support/upgrade-fixture';

const nodeDone: UpgradeEventBody = {
  type: 'node',
  phase: 'binaries',
  nodeId: 1,
  progress: { state: 'done', detail: '', timing: null },
};
const paused: UpgradeEventBody = { type: 'paused', by: null, comment: null };

describe('nodes are being touched', () => {
  it.each<[string, boolean, UpgradeEventBody[]]>([
    ['while nothing is planned', false, []],
    ['while the plan is only made', false, [planMade(), item(2, 'running')]],
    ['when a roll begins, before its first node', true, [planMade(), item(4, 'running')]],
    ['while a node rolls', true, midFirstRoll],
    ['while a node rolls, though a pause was asked for', true, [...midFirstRoll, paused]],
    ['between two nodes', true, [...midFirstRoll, nodeDone]],
    ['in a pause between two nodes', false, [...midFirstRoll, nodeDone, paused]],
    ['at a gate', false, [...midFirstRoll, nodeDone, { type: 'gate-opened', gate: 'canary' }]],
    [
      'outside of a window',
      false,
      [...midFirstRoll, nodeDone, { type: 'window', closed: { words: 'closed', opensAtMs: 1 } }],
    ],
    ['in the second roll', true, [planMade(), item(4, 'done'), item(7, 'running')]],
    ['after the end', false, [...midFirstRoll, { type: 'ended', outcome: 'aborted', message: '' }]],
  ])('%s: %s', (_when, expected, events) => {
    expect(isTouchingNodes(stateAfter(...events))).toBe(expected);
  });
});

it('a silence outlives two failures to make it longer, and a dead worker by a quarter of an hour at most', () => {
  expect(silenceLifeMs).toBeGreaterThanOrEqual(3 * silenceRenewalMs);
  expect(silenceLifeMs).toBeLessThanOrEqual(15 * 60_000);
});
