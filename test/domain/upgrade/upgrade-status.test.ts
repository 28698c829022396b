import fc from 'fast-check';
import { checklist } from '../../../src/domain/upgrade/checklist';
import type { UpgradeEventBody } from '../../../src/domain/upgrade/upgrade-state';
import { statusPhase, upgradeStatus, waitingFor } from '../../../src/domain/upgrade/upgrade-status';
import type { WaitingFor } from '../../../src/domain/upgrade/upgrade-status';
import { featureAt, kraftStateAfter, midFinalization, midKraftRoll, rolled } from '../../support/kraft-fixture';
import { atGate, opened, passed } from '../../support/message-fixture';
import {
  aborting,
  ended,
  item,
  midFirstRoll,
  parked,
  paused,
  planMade,
  stateAfter,
  trouble,
} from '../../support/upgrade-fixture';

const phaseOf = (...events: UpgradeEventBody[]): string => upgradeStatus(stateAfter(...events)).phase;

describe('the status', () => {
  it('says the same in its parts, which are published alone', () => {
    for (const events of [[], [planMade(), opened('plan')], [...midFirstRoll, parked], [...midFirstRoll, ended]]) {
      const state = stateAfter(...events);
      const { phase, waitingFor: waits } = upgradeStatus(state);
      expect([statusPhase(state), waitingFor(state)]).toEqual([phase, waits]);
    }
  });

  it.each<[string, UpgradeEventBody[]]>([
    ['planning', []],
    ['planning', [item(1, 'running', 'inspecting')]],
    ['preparing', [planMade()]],
    ['preparing', [planMade(), item(3, 'running', 'pinning')]],
    ['rolling-binaries', [planMade(), item(4, 'running', '')]],
    ['rolling-binaries', [planMade(), item(4, 'done', '')]],
    ['rolling-protocol', [planMade(), item(4, 'done', ''), item(7, 'running', '')]],
    ['verifying', [planMade(), item(4, 'done', ''), item(7, 'done', '')]],
    ['awaiting-approval', [planMade(), opened('canary')]],
    ['awaiting-approval', [planMade(), opened('canary'), paused]],
    ['paused', [planMade(), paused]],
    ['parked', [planMade(), paused, opened('canary'), parked]],
    ['ending', [planMade(), parked, aborting]],
    ['completed', [planMade(), aborting, ended]],
  ])('is in phase %s', (phase, events) => {
    expect(phaseOf(...events)).toBe(phase);
  });

  it('always says something, and what it says while it goes on is what it does', () => {
    expect(upgradeStatus(stateAfter()).message).toBe('Inspecting the cluster and making the plan.');
    expect(upgradeStatus(stateAfter(planMade(), item(3, 'done'))).message).toBe('Going on with the next step.');
    expect(upgradeStatus(stateAfter(planMade(), item(4, 'running', 'onto 3.8.1'))).message).toBe(
      'Rolling restart onto the new binary, one broker at a time: onto 3.8.1',
    );
    expect(upgradeStatus(stateAfter(aborting)).message).toContain('a stopped broker is brought back first');
    expect(upgradeStatus(stateAfter(planMade(), parked, aborting)).message).toContain(
      'broker 1 (kafka@10.0.0.1:22) is down and stays so: when you are sure',
    );
    expect(upgradeStatus(stateAfter(ended)).message).toBe('All 3 brokers run 3.8.1.');
  });

  it('names the workflow of the restart in progress', () => {
    const { nodes } = upgradeStatus(stateAfter(...midFirstRoll));
    expect(nodes.map(({ rollingWorkflowId }) => rollingWorkflowId)).toEqual([
      'kafka-upgrade/orders-prod/binaries/1',
      null,
      null,
    ]);
  });

  it('asks for nothing once it ends', () => {
    expect(upgradeStatus(stateAfter(planMade(), opened('canary'), aborting)).waitingFor).toBeNull();
    expect(upgradeStatus(stateAfter(planMade(), parked, ended)).waitingFor).toBeNull();
  });

  it('shows the trouble before a gate, and a gate before a pause', () => {
    const { waitingFor } = upgradeStatus(stateAfter(planMade(), opened('canary'), paused, parked));
    expect(waitingFor).toMatchObject({ kind: 'parked', question: trouble.message, afterwards: trouble.hint });
    expect(upgradeStatus(stateAfter(planMade(), opened('canary'), paused)).waitingFor).toMatchObject({
      kind: 'approval',
    });
    expect(upgradeStatus(stateAfter(planMade(), paused)).waitingFor).toMatchObject({ kind: 'paused' });
  });

  it('has every item of the checklist in the words of the procedure, whatever happened', () => {
    const events = [...midFirstRoll, opened('canary'), passed('canary'), paused, aborting, ended, parked];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events)), (some) => {
        const status = upgradeStatus(stateAfter(...some));
        expect(status.items.map(({ title }) => title)).toEqual(checklist.map(({ title }) => title));
        expect(status.message).not.toBe('');
      }),
    );
  });
});

/** Signals and payloads, one a line. */
const shown = (waiting: WaitingFor | null): string[] =>
  (waiting?.answers ?? []).map(({ signal, payload }) => `${signal} ${payload}`);

describe('what a person is asked', () => {
  const touched = rolled('binaries', 2, 'done');

  it.each<[string, UpgradeEventBody[], string[]]>([
    [
      'at a gate before anything is touched',
      [opened('plan')],
      [
        'approve {"gate":"plan","plan":"1a2b3c4d","disasterRecovery":"confirmed by <name>: <how>","accept":["audit-log"]}',
        'reject {"gate":"plan","comment":"why"}',
      ],
    ],
    [
      'at a gate while the old binaries can be put back',
      [touched, opened('canary')],
      [
        'approve {"gate":"canary","plan":"1a2b3c4d"}',
        'rollback {"comment":"why"}',
        'reject {"gate":"canary","comment":"why"}',
      ],
    ],
    [
      'at a gate that expired',
      [opened('canary'), { type: 'gate-expired', gate: 'canary', waitedMs: 1 }],
      ['retry {"gate":"canary"}', 'reject {"gate":"canary","comment":"why"}'],
    ],
    [
      'when it is parked',
      [touched, parked],
      ['retry {"park":1}', 'rollback {"comment":"why"}', 'abort {"comment":"why"}'],
    ],
    ['when it is paused', [paused], ['resume {"pause":1}', 'abort {"comment":"why"}']],
    [
      'when the new protocol is spoken: no way back',
      [touched, rolled('protocol', 2, 'rolling'), parked],
      ['retry {"park":1}', 'abort {"comment":"why"}'],
    ],
    ['when it ends', [parked, aborting], []],
    ['when nothing waits', [touched], []],
  ])('%s', (_, events, expected) => {
    expect(shown(upgradeStatus(stateAfter(planMade(), ...events)).waitingFor)).toEqual(expected);
  });

  it('on KRaft, with features that have to be lowered first', () => {
    const { answers } = upgradeStatus(
      kraftStateAfter(...midKraftRoll(), featureAt('group.version', 'raised', ''), parked),
    ).waitingFor ?? { answers: [] };
    expect(answers[1]).toEqual({ signal: 'rollback', payload: '{"downgrade":true,"comment":"why"}' });
  });

  it('waits for nobody at a gate without a plan', () => {
    expect(upgradeStatus(stateAfter(opened('plan'))).waitingFor).toBeNull();
  });

  it('names those who approved already, and who may', () => {
    const vote = { by: 'kim', comment: null, ticket: null };
    const { waitingFor } = upgradeStatus(atGate('protocol', { type: 'gate-voted', gate: 'protocol', vote }));
    expect(waitingFor).toMatchObject({ who: 'Who may approve: anybody who may send a message.', approvedBy: ['kim'] });
    expect(upgradeStatus(stateAfter(planMade(), parked)).waitingFor).toMatchObject({ who: null, approvedBy: [] });
  });
});

describe('the status on the way back', () => {
  const back: UpgradeEventBody[] = [...midFirstRoll, { type: 'rollback-started' }];

  it('says so, from the wish on', () => {
    const wish: UpgradeEventBody = { type: 'end-requested', outcome: 'rolled-back', by: null, comment: null };
    expect(upgradeStatus(stateAfter(...midFirstRoll, wish))).toMatchObject({
      phase: 'ending',
      message: 'The old binaries are put back from the next safe point on; a stopped broker is brought back first.',
    });
    expect(upgradeStatus(stateAfter(...back))).toMatchObject({
      phase: 'rolling-back',
      message: 'Putting the old binaries back.',
    });
  });

  it('shows each node that is put back, with its workflow', () => {
    const { nodes } = upgradeStatus(
      stateAfter(...back, rolled('binaries', 1, 'done'), rolled('rollback', 2, 'rolling')),
    );
    expect(nodes.map(({ rollback, rollingWorkflowId }) => [rollback?.state, rollingWorkflowId])).toEqual([
      [undefined, null],
      ['rolling', 'kafka-upgrade/orders-prod/rollback/2'],
      [undefined, null],
    ]);
  });
});

describe('the status on KRaft', () => {
  it('has features where they are, those without news pending, and no second roll', () => {
    const { features, nodes, mode, phase } = upgradeStatus(kraftStateAfter(...midFinalization()));
    expect(features.map(({ step, state }) => `${step.feature} ${state}`)).toEqual([
      'metadata.version raised',
      'transaction.version raising',
      'group.version pending',
      'share.version pending',
      'streams.version pending',
    ]);
    expect([mode, phase]).toEqual(['kraft', 'finalizing']);
    expect(new Set(nodes.map(({ protocol }) => protocol))).toEqual(new Set([null]));
  });

  it('verifies when the cluster is', () => {
    expect(upgradeStatus(kraftStateAfter(...midFinalization(), item(9, 'running'))).phase).toBe('verifying');
  });
});
