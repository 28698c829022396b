import type { UpgradeEnding } from '../../src/client/ending';
import type { LiveDetails } from '../../src/client/live-details';
import type { UpgradeEventBody, UpgradeState } from '../../src/domain/upgrade/upgrade-state';
import { upgradeStatus } from '../../src/domain/upgrade/upgrade-status';
import { statusView } from '../../src/render/status-view';
import { plain, styleOf } from '../../src/render/style';
import { expectGolden } from '../support/golden';
import {
  everyNodeRuns,
  featureAt,
  kraftFinalization,
  kraftPlan,
  kraftStateAfter,
  midFinalization,
  midKraftRoll,
  rolled,
} from '../support/kraft-fixture';
import { item, midFirstRoll, startedAtMs, stateAfter } from '../support/upgrade-fixture';

const idle: LiveDetails = { activities: [], node: null };

const rollingBack: LiveDetails = {
  activities: [],
  node: { nodeId: 1, phase: 'rollback', step: 'starting', sinceMs: startedAtMs + 249_000, evidence: [] },
};

const view = (
  state: UpgradeState,
  {
    live = idle,
    ending = null,
    style = plain,
  }: { live?: LiveDetails; ending?: UpgradeEnding | null; style?: typeof plain } = {},
): string =>
  statusView(
    {
      status: upgradeStatus(state),
      live,
      ending,
      events: [],
      nowMs: startedAtMs + 252_000,
      commands: { program: 'kafka-upgrade', address: null, namespace: null },
      webPage: null,
    },
    { style, width: 100 },
  );

const onlyReversible = kraftPlan({
  toProtocol: '3.9-IV0',
  finalization: kraftFinalization({ 'metadata.version': false }),
});

/** The way back after one feature was raised. */
const wayBack: UpgradeEventBody[] = [
  ...everyNodeRuns(onlyReversible),
  featureAt('transaction.version', 'raised', '0 → 2'),
  item(8, 'running', 'group.version 0 → 1, 2 of 4'),
  { type: 'end-requested', outcome: 'rolled-back', by: 'kim', comment: 'transactions fail' },
  { type: 'rollback-started' },
];

const putBack: UpgradeEventBody[] = [
  ...wayBack,
  featureAt('transaction.version', 'lowered', '2 → 0'),
  item(4, 'running', 'back onto 3.9.2'),
  rolled('rollback', 3, 'done'),
  rolled('rollback', 1, 'rolling'),
];

describe('statusView of a KRaft cluster', () => {
  it('shows roles and no column for a second roll', () => {
    const text = view(kraftStateAfter(...midKraftRoll()));
    expectGolden('render', 'status-kraft-rolling.txt', text);
    expect(text).toMatch(/^ +node +host +roles +new binaries$/m);
  });

  it('shows the features with where each is while they are raised', () => {
    expectGolden('render', 'status-kraft-finalizing.txt', view(kraftStateAfter(...midFinalization())));
  });

  it('asks at the gate of the features what to raise, and says what does not come back', () => {
    const state = kraftStateAfter(
      ...everyNodeRuns(),
      item(8, 'waiting', 'approval to raise metadata.version to 4.3-IV0'),
      {
        type: 'gate-opened',
        gate: 'protocol',
      },
    );
    expectGolden('render', 'status-kraft-approval.txt', view(state));
  });

  it('offers the way back with --downgrade where raised features can be lowered', () => {
    const asked = kraftPlan({
      finalization: kraftFinalization({ 'metadata.version': false, 'kraft.version': 1 }),
    });
    const state = kraftStateAfter(...everyNodeRuns(asked), featureAt('transaction.version', 'raised', '0 → 2'), {
      type: 'gate-opened',
      gate: 'kraft.version',
    });
    const text = view(state);
    expect(text).toContain('WAITING FOR YOUR APPROVAL of gate "kraft.version"');
    expect(text).toContain('kafka-upgrade approve orders-kraft --gate kraft.version\n');
    expect(text).toContain('kafka-upgrade rollback orders-kraft --downgrade --comment why\n');
  });

  it('offers no way back after a level that cannot be lowered', () => {
    const state = kraftStateAfter(...midFinalization(), { type: 'paused', by: 'kim', comment: null });
    expect(view(state)).toContain('kafka-upgrade resume orders-kraft');
    expect(view(state)).not.toContain('kafka-upgrade rollback');
  });
});

describe('statusView of a rollback', () => {
  it('says that a feature is lowered, not raised', () => {
    const text = view(kraftStateAfter(...wayBack, featureAt('transaction.version', 'lowering', '2 → 0')));
    expect(text).toContain('putting the old binaries back');
    expect(text).not.toContain('group.version 0 → 1');
    expect(text).toMatch(/transaction\.version +0 +2 +lowering +yes/);
  });

  it('has a column for the old binaries, with the step of the node', () => {
    expectGolden('render', 'status-kraft-rolling-back.txt', view(kraftStateAfter(...putBack), { live: rollingBack }));
  });

  it('keeps the column of the new protocol in ZooKeeper mode', () => {
    const state = stateAfter(...midFirstRoll, { type: 'rollback-started' }, rolled('rollback', 2, 'rolling'));
    expectGolden('render', 'status-rolling-back.txt', view(state));
  });

  it('shows how it ended, not as bad news', () => {
    const message = 'Rolled back: every node runs 3.9.2 again.';
    const state = kraftStateAfter(
      ...putBack,
      ...[1, 2, 101, 102, 103].map((nodeId) => rolled('rollback', nodeId, 'done')),
      item(4, 'pending', 'rolled back: 6 nodes put back on 3.9.2'),
      { type: 'ended', outcome: 'rolled-back', message },
    );
    const ending: UpgradeEnding = { outcome: 'rolled-back', message, hint: '' };
    expectGolden('render', 'status-kraft-rolled-back.txt', view(state, { ending }));
    const coloured = styleOf(true);
    expect(view(state, { ending, style: coloured })).toContain(coloured.attention(message));
  });

  it('keeps within 100 columns', () => {
    const views = [
      view(kraftStateAfter(...putBack), { live: rollingBack }),
      view(kraftStateAfter(...midFinalization())),
    ];
    expect(views.flatMap((text) => text.split('\n')).filter((line) => line.length > 100)).toEqual([]);
  });
});
