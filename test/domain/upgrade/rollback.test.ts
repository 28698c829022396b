import fc from 'fast-check';
import { raisedFeatures, rollbackSteps, whyNoRollback } from '../../../src/domain/upgrade/rollback';
import type { FeatureStep } from '../../../src/domain/levels/finalization';
import type { UpgradePlan } from '../../../src/domain/plan/upgrade-plan';
import type { FeatureProgress, UpgradeEventBody } from '../../../src/domain/upgrade/upgrade-state';
import { upgradeStatus } from '../../../src/domain/upgrade/upgrade-status';
import { detailsMarkdown } from '../../../src/domain/upgrade/details';
import { item, planMade, samplePlan, stateAfter } from '../../support/upgrade-fixture';

const node = (
  phase: 'binaries' | 'protocol' | 'rollback',
  nodeId: number,
  state: 'rolling' | 'done' | 'parked',
): UpgradeEventBody => ({
  type: 'node',
  phase,
  nodeId,
  progress: { state, detail: '', timing: null },
});

const feature = (name: string, state: FeatureProgress['state']): UpgradeEventBody => ({
  type: 'feature',
  feature: name,
  progress: { state, detail: '' },
});

const step = (name: string, reversible: boolean): FeatureStep => ({
  feature: name,
  from: 0,
  to: 1,
  fromName: '0',
  toName: '1',
  reversible,
  wayBack: reversible ? 'It can be lowered.' : 'IRREVERSIBLE: for good.',
  gate: 'protocol',
  prepare: null,
});

const kraftPlan = (...finalization: FeatureStep[]): UpgradePlan => samplePlan({ mode: 'kraft', finalization });

const why = (plan: UpgradePlan, events: UpgradeEventBody[], downgrade = false): string | null =>
  whyNoRollback(stateAfter(planMade(plan), ...events), { downgrade });

describe('a rollback', () => {
  const half = [node('binaries', 2, 'done')];

  it('is possible as soon as a node was touched', () => {
    expect(why(samplePlan(), half)).toBeNull();
    expect(why(samplePlan(), [node('binaries', 2, 'rolling')])).toBeNull();
    expect(why(kraftPlan(step('metadata.version', false)), half)).toBeNull();
  });

  it('is refused before that, and without a plan', () => {
    expect(why(samplePlan(), [])).toContain('no node was touched by this upgrade yet');
    expect(whyNoRollback(stateAfter(), { downgrade: false })).toContain('no node was touched');
  });

  it('of what another upgrade left waits for the approval of the plan, also of one that was made anew', () => {
    const left = samplePlan({
      nodes: samplePlan().nodes.map((entry) => (entry.nodeId === 2 ? { ...entry, version: '3.8.1' } : entry)),
    });
    const opened: UpgradeEventBody = { type: 'gate-opened', gate: 'plan' };
    const passed: UpgradeEventBody = {
      ...{ type: 'gate-passed', gate: 'plan', by: 'kim', comment: null },
      ...{ disasterRecovery: null, accept: [], votes: [] },
    };
    const told = '3.7.2 can be put back on the nodes that run 3.8.1 once the plan is approved: send `pause` first';
    expect(why(left, [])).toContain(told);
    expect(why(left, [opened])).toContain(told);
    expect(why(left, [opened, passed])).toBeNull();
    expect(why(left, [opened, passed, planMade(left), opened])).toContain(told);
    expect(why(samplePlan({ ...left, fromVersion: '3.8.1' }), [opened, passed])).toContain('no node was touched');
  });

  it('is refused in ZooKeeper mode after the first restart with the new protocol', () => {
    expect(why(samplePlan(), [...half, node('protocol', 3, 'parked')])).toContain(
      'broker 3 was restarted with inter.broker.protocol.version 3.8; 3.7.2 cannot read what it writes',
    );
  });

  it('is refused when a broker spoke a newer protocol before the upgrade began', () => {
    const nodes = samplePlan().nodes.map((entry) => ({ ...entry, protocol: entry.nodeId === 1 ? '3.8' : '3.7' }));
    expect(why(samplePlan({ nodes }), half)).toBe(
      'broker 1 spoke protocol 3.8 before this upgrade began, which 3.7.2 does not know',
    );
    expect(why(samplePlan({ nodes, fromVersion: 'odd' }), half)).toBeNull();
  });

  it('is refused on KRaft after an irreversible level, whatever is said', () => {
    const plan = kraftPlan(step('metadata.version', false), step('group.version', true));
    expect(why(plan, [...half, feature('metadata.version', 'raising')], true)).toBe(
      'metadata.version was raised to 1, which 3.7.2 does not know. IRREVERSIBLE: for good.',
    );
  });

  it('wants a word on KRaft after levels that can be lowered', () => {
    const plan = kraftPlan(step('metadata.version', true), step('group.version', true));
    const raised = [...half, feature('metadata.version', 'raised'), feature('group.version', 'raised')];
    expect(why(plan, raised)).toContain('have to be lowered first (group.version 1 → 0, metadata.version 1 → 0)');
    expect(why(plan, raised, true)).toBeNull();
    expect(why(plan, [...half, feature('metadata.version', 'lowered')])).toBeNull();
    expect(why(plan, [...half, feature('group.version', 'lowering')])).toContain('(group.version 1 → 0)');
  });

  it('ends what was under way or waited', () => {
    const { items, message } = upgradeStatus(
      stateAfter(planMade(), item(4, 'done', ''), item(6, 'waiting', 'approval'), item(7, 'running', 'onto 3.8'), {
        type: 'rollback-started',
      }),
    );
    expect(items.filter(({ item: number }) => number >= 4 && number <= 8).map(({ state }) => state)).toEqual([
      'done',
      'pending',
      'pending',
      'pending',
      'pending',
    ]);
    expect(message).toBe('Putting the old binaries back.');
  });

  it('is refused while one is under way', () => {
    expect(why(samplePlan(), [...half, { type: 'rollback-started' }])).toBe(
      'the old binaries are being put back already',
    );
  });

  it('switches the release only: no file is edited', () => {
    const [first] = rollbackSteps(samplePlan());
    expect(first).toMatchObject({ needed: true, fromVersion: '3.8.1', toVersion: '3.7.2', protocol: '3.7' });
    expect(first?.edit).toEqual({ changes: [], fromSha256: 'b'.repeat(64), toSha256: 'b'.repeat(64), diff: '' });
  });
});

describe('the status of a KRaft upgrade', () => {
  const plan = kraftPlan(step('metadata.version', true), step('group.version', true));
  const half = [node('binaries', 2, 'done')];

  it('shows features, offers the way back that is possible, and has no second roll', () => {
    const raising = upgradeStatus(
      stateAfter(
        planMade(plan),
        ...half,
        { type: 'item', item: 8, state: 'running', detail: 'x' },
        feature('metadata.version', 'raised'),
        { type: 'paused', by: null, comment: null },
      ),
    );
    expect(raising.features.map(({ state }) => state)).toEqual(['raised', 'pending']);
    expect(raising.nodes[0]?.protocol).toBeNull();
    expect(raising.waitingFor?.answers).toContainEqual({
      signal: 'rollback',
      payload: '{"downgrade":true,"comment":"why"}',
    });
    const page = detailsMarkdown(raising);
    expect(page).toContain('| feature | from | to | state | way back |');
    expect(page).toContain('| metadata.version | 0 | 1 | raised | It can be lowered. |');
    expect(page).toContain('| node | host | new binary |\n');
  });

  it('is finalizing, then rolling back, then rolled back', () => {
    const at = (...events: UpgradeEventBody[]) => upgradeStatus(stateAfter(planMade(plan), ...half, ...events));
    expect(at({ type: 'item', item: 8, state: 'running', detail: '' }).phase).toBe('finalizing');
    const wish = { type: 'end-requested', outcome: 'rolled-back', by: null, comment: null } as const;
    expect(at(wish)).toMatchObject({
      phase: 'ending',
      message: expect.stringContaining('The old binaries are put back'),
    });
    const back = at(wish, { type: 'rollback-started' }, node('rollback', 2, 'rolling'));
    expect(back.phase).toBe('rolling-back');
    expect(back.nodes[1]?.rollingWorkflowId).toContain('/rollback/2');
    expect(detailsMarkdown(back)).toContain('| node | host | new binary | old binary back |');
    expect(at({ type: 'ended', outcome: 'rolled-back', message: 'done' }).phase).toBe('rolled-back');
  });
});

describe('the reason against a rollback', () => {
  const half = [node('binaries', 2, 'done')];
  const odd = (protocol: string | null): UpgradePlan =>
    samplePlan({ nodes: samplePlan().nodes.map((entry) => (entry.nodeId === 3 ? { ...entry, protocol } : entry)) });

  it.each<[string, UpgradePlan, UpgradeEventBody[], string | null]>([
    ['nothing was touched', samplePlan(), [], 'no node was touched by this upgrade yet; to end it send `abort`'],
    [
      'a broker was restarted with the new protocol, even if it is parked',
      samplePlan(),
      [...half, node('protocol', 3, 'parked')],
      'broker 3 was restarted with inter.broker.protocol.version 3.8; 3.7.2 cannot read what it writes. Go on with `retry` or `approve`',
    ],
    [
      'a broker spoke more than the old binary knows',
      odd('3.8'),
      half,
      'broker 3 spoke protocol 3.8 before this upgrade began, which 3.7.2 does not know',
    ],
    ['none, for an older level of the same line', odd('3.7-IV2'), half, null],
    ['none, for a level that nobody told', odd(null), half, null],
    ['none, for a level that nobody knows', odd('odd'), half, null],
    [
      'features that can be lowered were raised',
      kraftPlan(step('metadata.version', true), step('group.version', true)),
      [...half, feature('group.version', 'raising')],
      'raised features have to be lowered first (group.version 1 → 0); to do that, too, send `rollback` with {"downgrade":true}',
    ],
  ])('is in words: %s', (_what, plan, events, words) => {
    expect(why(plan, events)).toBe(words);
  });
});

describe('the features that were raised', () => {
  const finalization = ['metadata.version', 'group.version', 'share.version'].map((name) => step(name, true));

  it.each<[FeatureProgress['state'], boolean]>([
    ['pending', false],
    ['raising', true],
    ['raised', true],
    ['lowering', true],
    ['lowered', false],
  ])('count one that is %s: %s', (state, counts) => {
    const features = { 'group.version': { state, detail: '' } };
    expect(raisedFeatures({ plan: kraftPlan(...finalization), features })).toHaveLength(counts ? 1 : 0);
  });

  it('are lowered in the opposite order, and none is known without a plan', () => {
    const features = Object.fromEntries(
      finalization.map((raised) => [raised.feature, { state: 'raised' as const, detail: '' }]),
    );
    expect(raisedFeatures({ plan: kraftPlan(...finalization), features }).map((raised) => raised.feature)).toEqual([
      'share.version',
      'group.version',
      'metadata.version',
    ]);
    expect(raisedFeatures({ plan: null, features })).toEqual([]);
  });

  it('decide: a rollback is possible exactly while none of them is in force that cannot be lowered', () => {
    const states = fc.constantFrom<FeatureProgress['state']>('pending', 'raising', 'raised', 'lowering', 'lowered');
    const anyFeature = fc.record({ state: states, reversible: fc.boolean() });
    fc.assert(
      fc.property(fc.array(anyFeature, { maxLength: 4 }), fc.boolean(), (all, downgrade) => {
        const plan = kraftPlan(...all.map(({ reversible }, index) => step(`f${index}`, reversible)));
        const events = all.map(({ state }, index) => feature(`f${index}`, state));
        const inForce = all.filter(({ state }) => state !== 'pending' && state !== 'lowered');
        const possible = inForce.every(({ reversible }) => reversible) && (downgrade || inForce.length === 0);
        expect(why(plan, [node('binaries', 2, 'done'), ...events], downgrade) === null).toBe(possible);
      }),
    );
  });
});
