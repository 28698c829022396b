import fc from 'fast-check';
import { checklist } from '../../src/domain/checklist';
import { detailsMarkdown } from '../../src/domain/details';
import { backOn, nodeSteps, restartTiming } from '../../src/domain/node-roll';
import { upgradeResult } from '../../src/domain/upgrade-result';
import { initialState, reduce } from '../../src/domain/upgrade-state';
import type { Trouble, UpgradeEventBody, UpgradeState } from '../../src/domain/upgrade-state';
import { upgradeStatus } from '../../src/domain/upgrade-status';
import { expectGolden } from '../support/golden';
import {
  item,
  midFirstRoll,
  planMade,
  samplePlan,
  sampleTiming,
  stateAfter,
  startedAtMs,
} from '../support/upgrade-fixture';

const trouble: Trouble = {
  type: 'StartFailed',
  message: 'Broker 1 did not start.',
  hint: 'Read the tail of the broker log.',
  nodeId: 1,
  phase: 'binaries',
  nodeIsDown: true,
};

const ended: UpgradeEventBody = { type: 'ended', outcome: 'completed', message: 'All 3 brokers run 3.8.1.' };
const aborting: UpgradeEventBody = { type: 'end-requested', outcome: 'aborted', by: 'kim', comment: null };
const paused: UpgradeEventBody = { type: 'paused', by: 'kim', comment: null };
const opened: UpgradeEventBody = { type: 'gate-opened', gate: 'canary' };
const passed: UpgradeEventBody = {
  type: 'gate-passed',
  gate: 'canary',
  by: null,
  comment: null,
  disasterRecovery: null,
  accept: [],
};

describe('the state', () => {
  it('begins with nine pending items and nothing else', () => {
    const state = stateAfter();
    expect(Object.values(state.items)).toHaveLength(9);
    expect(new Set(Object.values(state.items).map((entry) => entry.state))).toEqual(new Set(['pending']));
    expect(state).toMatchObject({ plan: null, openGate: null, paused: false, parked: null, ending: null, ended: null });
  });

  it('after the plan knows what is to be done to which node', () => {
    const plan = samplePlan();
    plan.steps.binaries = plan.steps.binaries.map((step) => ({ ...step, needed: step.nodeId !== 3 }));
    const { nodes } = stateAfter(planMade(plan));
    expect(nodes.binaries).toMatchObject({ 1: { state: 'pending' }, 2: { state: 'pending' }, 3: { state: 'skipped' } });
    expect(nodes.protocol[3]).toMatchObject({ state: 'pending' });
  });

  it('opens and closes gates, and remembers those that were passed', () => {
    expect(stateAfter(opened)).toMatchObject({ openGate: { gate: 'canary', votes: [] }, passedGates: [] });
    expect(stateAfter(opened, passed)).toMatchObject({ openGate: null, passedGates: ['canary'] });
    expect(stateAfter(opened, ended)).toMatchObject({ openGate: null, passedGates: [] });
  });

  it('pauses, parks and ends', () => {
    expect(stateAfter(paused).paused).toBe(true);
    expect(stateAfter(paused, { type: 'resumed', by: null }).paused).toBe(false);
    expect(stateAfter({ type: 'parked', trouble }).parked).toEqual(trouble);
    expect(stateAfter({ type: 'parked', trouble }, { type: 'retried', by: null }).parked).toBeNull();
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
    for (const event of [...midFirstRoll, opened, passed, paused, aborting, ended])
      reduce(state, { ...event, atMs: 1 });
    expect(JSON.stringify(state)).toBe(before);
  });
});

const phaseOf = (...events: UpgradeEventBody[]): string => upgradeStatus(stateAfter(...events)).phase;

describe('the status', () => {
  it.each<[string, UpgradeEventBody[]]>([
    ['planning', []],
    ['planning', [item(1, 'running', 'inspecting')]],
    ['preparing', [planMade()]],
    ['preparing', [planMade(), item(3, 'running', 'pinning')]],
    ['rolling-binaries', [planMade(), item(4, 'running', '')]],
    ['rolling-binaries', [planMade(), item(4, 'done', '')]],
    ['rolling-protocol', [planMade(), item(4, 'done', ''), item(7, 'running', '')]],
    ['verifying', [planMade(), item(4, 'done', ''), item(7, 'done', '')]],
    ['awaiting-approval', [planMade(), opened]],
    ['awaiting-approval', [planMade(), opened, paused]],
    ['paused', [planMade(), paused]],
    ['parked', [planMade(), paused, opened, { type: 'parked', trouble }]],
    ['ending', [planMade(), { type: 'parked', trouble }, aborting]],
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
    expect(upgradeStatus(stateAfter(planMade(), opened, aborting)).waitingFor).toBeNull();
    expect(upgradeStatus(stateAfter(planMade(), { type: 'parked', trouble }, ended)).waitingFor).toBeNull();
  });

  it('shows the trouble before a gate, and a gate before a pause', () => {
    const parked = upgradeStatus(stateAfter(planMade(), opened, paused, { type: 'parked', trouble }));
    expect(parked.waitingFor).toMatchObject({ kind: 'parked', question: trouble.message, afterwards: trouble.hint });
    expect(upgradeStatus(stateAfter(planMade(), opened, paused)).waitingFor).toMatchObject({ kind: 'approval' });
    expect(upgradeStatus(stateAfter(planMade(), paused)).waitingFor).toMatchObject({ kind: 'paused' });
  });

  it('has every item of the checklist in the words of the procedure, whatever happened', () => {
    const events = [...midFirstRoll, opened, passed, paused, aborting, ended, { type: 'parked' as const, trouble }];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events)), (some) => {
        const status = upgradeStatus(stateAfter(...some));
        expect(status.items.map(({ title }) => title)).toEqual(checklist.map(({ title }) => title));
        expect(status.message).not.toBe('');
        expect(detailsMarkdown(status)).toContain(status.cluster);
      }),
    );
  });
});

describe('the page in the web UI', () => {
  it.each<[string, UpgradeEventBody[]]>([
    ['planning', [item(1, 'running', 'inspecting hosts and brokers')]],
    [
      'plan-gate',
      [planMade(), item(1, 'waiting', 'plan made, 2 findings to read'), { type: 'gate-opened', gate: 'plan' }],
    ],
    ['rolling', midFirstRoll],
    ['parked', [...midFirstRoll, { type: 'parked', trouble }]],
    ['completed', [...midFirstRoll, ended]],
  ])('%s', (name, events) => {
    expect(events.length).toBeGreaterThan(0);
    expectGolden('domain', `details-${name}.md`, detailsMarkdown(upgradeStatus(stateAfter(...events))));
  });

  it('keeps its tables whole, whatever the words in them', () => {
    const detail = 'a | b\nc';
    const progress = { state: 'parked' as const, detail, timing: null };
    const state = stateAfter(planMade(), { type: 'node', phase: 'binaries', nodeId: 1, progress });
    const row = detailsMarkdown(upgradeStatus(state))
      .split('\n')
      .find((line) => line.startsWith('| 1 |'));
    expect(row).toBe('| 1 | kafka@10.0.0.1:22 | parked: a \\| b c | pending |');
  });

  it('keeps the page whole when a message has many lines', () => {
    const log = `Log: line 1\nline 2\n\n# not a title\n| not | a table |`;
    const page = detailsMarkdown(
      upgradeStatus(stateAfter(planMade(), { type: 'parked', trouble: { ...trouble, message: log } })),
    );
    expect(page.split('\n').filter((line) => line.startsWith('# '))).toHaveLength(1);
    expect(page).toContain('**Log: line 1 line 2');
  });

  it('stays within a few kilobytes for a cluster of any size', () => {
    const [node] = samplePlan().nodes;
    const nodes = Array.from({ length: 2_000 }, (_, nodeId) => ({ ...(node ?? samplePlan().nodes[0]), nodeId }));
    const page = detailsMarkdown(
      upgradeStatus(stateAfter(planMade(samplePlan({ nodes: nodes as typeof nodes & [] })))),
      100,
    );
    expect(page).toContain('and 1900 more nodes');
    expect(page.length).toBeLessThan(12_000);
  });
});

describe('the result', () => {
  it('is a projection of the state', () => {
    const state = stateAfter(...midFirstRoll, ended);
    expect(upgradeResult(state, 'id')).toMatchObject({
      workflowId: 'id',
      outcome: 'completed',
      fromVersion: '3.7.2',
      toProtocol: '3.8',
      nodes: [
        { nodeId: 1, binaries: null, protocol: null },
        { nodeId: 2, binaries: sampleTiming, protocol: null },
        { nodeId: 3, binaries: null, protocol: null },
      ],
    });
  });

  it('is there even before there was a plan', () => {
    const state: UpgradeState = initialState({
      cluster: 'a',
      target: '3.8.1',
      request: { requester: null, ticket: null },
      startedAtMs: 0,
    });
    expect(upgradeResult(state, 'id')).toMatchObject({ outcome: 'aborted', message: '', fromVersion: '', nodes: [] });
  });
});

describe('a restart', () => {
  it('has its steps in their order', () => {
    expect(nodeSteps).toEqual(['stopping', 'configuring', 'starting', 'catching-up', 'settled']);
  });

  it('counts as overhead what is neither floor nor policy, never less than nothing', () => {
    const times = { totalMs: 100, stopMs: 20, startMs: 30, policyWaitMs: 40 };
    expect(restartTiming(times)).toEqual({ ...times, overheadMs: 10 });
    expect(restartTiming({ ...times, totalMs: 50 }).overheadMs).toBe(0);
  });

  it('tells how a node fares on its old release', () => {
    const verdict = { status: 'failed' as const, message: 'broker 2 is out of 1 ISRs', checks: [] };
    expect(backOn(2, '3.7.2', { ...verdict, status: 'successful' })).toContain('is healthy on it');
    expect(backOn(2, '3.7.2', verdict)).toContain('not healthy yet: broker 2 is out of 1 ISRs');
  });
});
