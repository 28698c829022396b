import type { UpgradeLook } from '../../src/client/upgrade-client';
import type { UpgradeState } from '../../src/domain/upgrade-state';
import { upgradeStatus } from '../../src/domain/upgrade-status';
import { statusChanges } from '../../src/render/status-changes';
import { midFirstRoll, sampleTiming, startedAtMs, stateAfter } from '../support/upgrade-fixture';

const look = (state: UpgradeState, step: 'stopping' | 'starting' | null = null): UpgradeLook => ({
  status: upgradeStatus(state),
  live: {
    activities: [],
    node: step === null ? null : { nodeId: 1, phase: 'binaries', step, sinceMs: startedAtMs, evidence: [] },
  },
  ending: null,
});

const nowMs = startedAtMs + 65_000;

describe('statusChanges', () => {
  it('says nothing when nothing changed', () => {
    const same = look(stateAfter(...midFirstRoll), 'stopping');
    expect(statusChanges(same, same, nowMs)).toEqual([]);
  });

  it('says where an upgrade stands that is seen for the first time', () => {
    const lines = statusChanges(null, look(stateAfter(...midFirstRoll)), nowMs);
    expect(lines).toContain('01:05  item 3 done: Pin inter.broker.protocol.version to the CURRENT version (3.7)');
    expect(lines.at(-1)).toBe('01:05  broker 1, new binaries: rolling');
  });

  it('names the step of the broker that is being restarted', () => {
    const state = stateAfter(...midFirstRoll);
    expect(statusChanges(look(state, 'stopping'), look(state, 'starting'), nowMs)).toEqual([
      '01:05  broker 1: starting',
    ]);
  });

  it('tells how long a broker took and what of it is overhead', () => {
    const before = stateAfter(...midFirstRoll);
    const after = stateAfter(...midFirstRoll, {
      type: 'node',
      phase: 'binaries',
      nodeId: 1,
      progress: { state: 'done', detail: '', timing: sampleTiming },
    });
    expect(statusChanges(look(before), look(after), nowMs)).toEqual([
      '01:05  broker 1, new binaries: done (36 s, overhead 0.5 s)',
    ]);
  });
});
