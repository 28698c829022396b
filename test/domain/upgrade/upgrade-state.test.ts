import { itemsUnderWay, reduce } from '../../../src/domain/upgrade/upgrade-state';
import type { UpgradeEventBody } from '../../../src/domain/upgrade/upgrade-state';
import { opened, passed } from '../../support/message-fixture';
import {
  aborting,
  ended,
  item,
  midFirstRoll,
  parked,
  paused,
  planMade,
  samplePlan,
  stateAfter,
  startedAtMs,
  trouble,
} from '../../support/upgrade-fixture';

describe('the state', () => {
  it('begins with nine pending items and nothing else', () => {
    const state = stateAfter();
    expect(Object.values(state.items)).toHaveLength(9);
    expect(new Set(Object.values(state.items).map((entry) => entry.state))).toEqual(new Set(['pending']));
    expect(state).toMatchObject({ plan: null, openGate: null, paused: false, parked: null, ending: null, ended: null });
  });

  it('knows which items are under way: those that run, and those that wait for people', () => {
    expect(itemsUnderWay(stateAfter())).toEqual([]);
    const begun = [item(1, 'done', ''), item(4, 'running', ''), item(6, 'waiting', ''), item(7, 'failed', '')];
    expect(itemsUnderWay(stateAfter(planMade(), ...begun))).toEqual([4, 6]);
  });

  it('after the plan knows what is to be done to which node', () => {
    const plan = samplePlan();
    plan.steps.binaries = plan.steps.binaries.map((step) => ({ ...step, needed: step.nodeId !== 3 }));
    const { nodes } = stateAfter(planMade(plan));
    expect(nodes.binaries).toMatchObject({ 1: { state: 'pending' }, 2: { state: 'pending' }, 3: { state: 'skipped' } });
    expect(nodes.protocol[3]).toMatchObject({ state: 'pending' });
  });

  it('opens and closes gates, and remembers those that were passed', () => {
    expect(stateAfter(opened('canary'))).toMatchObject({ openGate: { gate: 'canary', votes: [] }, passedGates: [] });
    expect(stateAfter(opened('canary'), passed('canary'))).toMatchObject({ openGate: null, passedGates: ['canary'] });
    expect(stateAfter(opened('canary'), ended)).toMatchObject({ openGate: null, passedGates: [] });
  });

  it('pauses, parks and ends', () => {
    expect(stateAfter(paused).paused).toBe(true);
    expect(stateAfter(paused, { type: 'resumed', by: null }).paused).toBe(false);
    expect(stateAfter(parked).parked).toEqual(trouble);
    expect(stateAfter(parked, { type: 'retried', by: null }).parked).toBeNull();
    expect(stateAfter(aborting).ending).toEqual({ outcome: 'aborted', by: 'kim', comment: null });
    expect(stateAfter(ended).ended).toEqual({
      outcome: 'completed',
      message: 'All 3 brokers run 3.8.1.',
      atMs: startedAtMs + 1_000,
    });
  });

  it('is not changed by records', () => {
    const state = stateAfter(planMade());
    const records: UpgradeEventBody[] = [
      { type: 'alarm', alarm: 'reminder', wait: 'gate plan', waitedMs: 1 },
      { type: 'message', kind: 'pause', by: null, comment: null, accepted: false, answer: '' },
    ];
    for (const record of records) expect(reduce(state, { ...record, atMs: 1 })).toBe(state);
  });

  it('remembers the last hundred messages that have an id, and no more', () => {
    const message = (id: string): UpgradeEventBody => {
      return { type: 'message', kind: 'pause', id, by: null, comment: null, accepted: false, answer: id };
    };
    const messages = Array.from({ length: 105 }, (_, index) => message(`m${index}`));
    const { received } = stateAfter(...messages, message('m104'));
    expect(received).toHaveLength(100);
    expect([received.at(0), received.at(-1)]).toEqual([
      { kind: 'pause', id: 'm5', answer: 'm5' },
      { kind: 'pause', id: 'm104', answer: 'm104' },
    ]);
  });

  it('keeps what was seen last, for the page', () => {
    const seen: UpgradeEventBody = { type: 'evidence', title: 'cluster health', lines: ['3 of 3 brokers online'] };
    expect(stateAfter(planMade(), { ...seen, title: 'pins' }, seen).lastEvidence).toEqual({
      title: 'cluster health',
      lines: ['3 of 3 brokers online'],
    });
  });

  it('is never changed in place', () => {
    const state = stateAfter(planMade());
    const before = JSON.stringify(state);
    for (const event of [...midFirstRoll, opened('canary'), passed('canary'), paused, aborting, ended])
      reduce(state, { ...event, atMs: 1 });
    expect(JSON.stringify(state)).toBe(before);
  });
});
