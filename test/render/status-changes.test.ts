import type { UpgradeLook } from '../../src/client/upgrade-client';
import type { UpgradeEventBody, UpgradeState } from '../../src/domain/upgrade/upgrade-state';
import { upgradeStatus } from '../../src/domain/upgrade/upgrade-status';
import { statusChanges } from '../../src/render/status-changes';
import { featureAt, kraftStateAfter, midFinalization, midKraftRoll, rolled } from '../support/kraft-fixture';
import { midFirstRoll, sampleTiming, startedAtMs, stateAfter } from '../support/upgrade-fixture';

const look = (state: UpgradeState, step: 'stopping' | 'starting' | null = null): UpgradeLook => ({
  status: upgradeStatus(state),
  live: {
    activities: [],
    node: step === null ? null : { nodeId: 1, phase: 'binaries', step, sinceMs: startedAtMs, evidence: [] },
  },
  ending: null,
  events: [],
});

const nowMs = startedAtMs + 65_000;

const changes = (before: UpgradeState, after: UpgradeState): string[] =>
  statusChanges(look(before), look(after), nowMs);

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

  it('tells why a step is tried again, once for each reason', () => {
    const failing = (lastFailure: string | null, attempt: number): UpgradeLook => ({
      ...look(stateAfter(...midFirstRoll)),
      live: {
        activities: [
          { name: 'stopNode', attempt, message: 'stopping broker 1', verdict: null, step: null, lastFailure },
        ],
        node: null,
      },
    });
    const lines = (before: UpgradeLook, after: UpgradeLook) => statusChanges(before, after, nowMs);
    expect(lines(failing(null, 1), failing('no route', 2))).toEqual([
      '01:05  stopNode, attempt 2; the last one failed: no route',
    ]);
    expect(lines(failing('no route', 2), failing('no route', 3))).toEqual([]);
    expect(lines(failing('no route', 3), failing('a password\nis required', 4))).toEqual([
      '01:05  stopNode, attempt 4; the last one failed: a password is required',
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
      '01:05  progress: new binaries 2 of 3 · new protocol 0 of 3; left: about 3 min, from 2 restarts measured, without the waits for people',
    ]);
  });
});

describe('statusChanges of a KRaft cluster', () => {
  it('calls a controller a controller', () => {
    const before = midKraftRoll().slice(0, -1);
    expect(changes(kraftStateAfter(...before), kraftStateAfter(...midKraftRoll()))).toEqual([
      '01:05  controller 101, new binaries: rolling',
    ]);
  });

  it('tells every feature on its way', () => {
    const raising = midFinalization();
    const raised = [...raising, featureAt('transaction.version', 'raised', '0 → 2')];
    expect(changes(kraftStateAfter(...raising.slice(0, -1)), kraftStateAfter(...raising))).toEqual([
      '01:05  transaction.version raising: 0 → 2',
    ]);
    expect(changes(kraftStateAfter(...raising), kraftStateAfter(...raised))).toEqual([
      '01:05  transaction.version raised: 0 → 2',
      expect.stringMatching(/^01:05  progress: new binaries 6 of 6 · features 2 of 5; left: about 2 min, without/),
    ]);
  });

  it('tells the features that are up already when it is seen for the first time', () => {
    const lines = statusChanges(null, look(kraftStateAfter(...midFinalization())), nowMs);
    expect(lines).toContain('01:05  metadata.version raised: 3.9-IV0 → 4.3-IV0');
    expect(lines.filter((line) => line.includes('group.version'))).toEqual([]);
  });
});

describe('statusChanges of a rollback', () => {
  const started: UpgradeEventBody[] = [...midFirstRoll, { type: 'rollback-started' }];

  it('says that the way back begins, and what is left', () => {
    expect(changes(stateAfter(...midFirstRoll), stateAfter(...started))).toEqual([
      '01:05  item 4 pending: Rolling restart onto the new binary, one broker at a time (left for the way back)',
      '01:05  rolling-back: Putting the old binaries back.',
    ]);
  });

  it('tells each node that is put back, and the end', () => {
    const rolling = [...started, rolled('rollback', 2, 'rolling')];
    const done = [...started, rolled('rollback', 2, 'done')];
    const message = 'Every node runs 3.7.2 again.';
    const ended: UpgradeEventBody[] = [...done, { type: 'ended', outcome: 'rolled-back', message }];
    expect(changes(stateAfter(...started), stateAfter(...rolling))).toEqual([
      '01:05  broker 2, old binaries back: rolling',
    ]);
    expect(changes(stateAfter(...rolling), stateAfter(...done))).toEqual([
      '01:05  broker 2, old binaries back: done (36 s, overhead 0.5 s)',
      '01:05  progress: old binaries back 1 of 2; left: about 1 min, from 1 restart measured',
    ]);
    expect(changes(stateAfter(...done), stateAfter(...ended))).toEqual([`01:05  rolled-back: ${message}`]);
  });
});
