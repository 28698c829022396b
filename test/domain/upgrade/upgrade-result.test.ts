import type { UpgradeEventBody, UpgradeState } from '../../../src/domain/upgrade/upgrade-state';
import { upgradeResult } from '../../../src/domain/upgrade/upgrade-result';
import { featureAt, kraftPlan, kraftStateAfter, rolled } from '../../support/kraft-fixture';
import { planMade, samplePlan, sampleTiming, stateAfter } from '../../support/upgrade-fixture';

const workflowId = 'kafka-upgrade/orders-prod';
const result = (...events: UpgradeEventBody[]) => upgradeResult(stateAfter(...events), workflowId);

describe('the result of an upgrade', () => {
  it('tells how it ended, between which releases, and where the time of every restart went', () => {
    const ended = { type: 'ended', outcome: 'completed', message: '3 nodes run 3.8.1.' } as const;
    const restarts = (['binaries', 'protocol'] as const).flatMap((phase) =>
      [2, 1].map((id) => rolled(phase, id, 'done')),
    );
    expect(result(planMade(), ...restarts, ended)).toEqual({
      workflowId: 'kafka-upgrade/orders-prod',
      cluster: 'orders-prod',
      outcome: 'completed',
      message: '3 nodes run 3.8.1.',
      fromVersion: '3.7.2',
      toVersion: '3.8.1',
      fromProtocol: '3.7',
      toProtocol: '3.8',
      nodes: [
        { nodeId: 1, binaries: sampleTiming, protocol: sampleTiming, rollback: null },
        { nodeId: 2, binaries: sampleTiming, protocol: sampleTiming, rollback: null },
        { nodeId: 3, binaries: null, protocol: null, rollback: null },
      ],
      features: [],
    });
  });

  it('has the times of the way back beside those of the way there', () => {
    const { nodes, outcome } = result(
      planMade(),
      rolled('binaries', 2, 'done'),
      { type: 'rollback-started' },
      rolled('rollback', 2, 'done'),
      { type: 'ended', outcome: 'rolled-back', message: 'Back on 3.7.2.' },
    );
    expect(outcome).toBe('rolled-back');
    expect(nodes[1]).toEqual({ nodeId: 2, binaries: sampleTiming, protocol: null, rollback: sampleTiming });
  });

  it('has no times of a node that is still being restarted, or was passed over', () => {
    const { steps } = samplePlan();
    const binaries = steps.binaries.map((step) => ({ ...step, needed: step.nodeId === 1 }));
    const plan = samplePlan({ steps: { ...steps, binaries } });
    const { nodes } = result(planMade(plan), rolled('binaries', 1, 'rolling'));
    expect(nodes.map((node) => node.binaries)).toEqual([null, null, null]);
  });

  it('of an upgrade that ended before there was a plan has nothing but what was asked for', () => {
    expect(result({ type: 'ended', outcome: 'rejected', message: 'The plan has blockers.' })).toEqual({
      workflowId: 'kafka-upgrade/orders-prod',
      cluster: 'orders-prod',
      outcome: 'rejected',
      message: 'The plan has blockers.',
      fromVersion: '',
      toVersion: '3.8.1',
      fromProtocol: '',
      toProtocol: '',
      nodes: [],
      features: [],
    });
  });

  it('of an upgrade that has not ended counts as aborted', () => {
    expect(result(planMade())).toMatchObject({ outcome: 'aborted', message: '' });
  });
});

describe('the result on KRaft', () => {
  const features = (...events: UpgradeEventBody[]) =>
    upgradeResult(kraftStateAfter(planMade(kraftPlan()), ...events), workflowId).features.map(
      ({ feature, from, to, state }) => `${feature} ${from} → ${to}: ${state}`,
    );

  it('has every feature of the plan and where it stands, in the order of the plan', () => {
    expect(
      features(featureAt('transaction.version', 'raising', ''), featureAt('metadata.version', 'raised', '')),
    ).toEqual([
      'metadata.version 3.9-IV0 → 4.3-IV0: raised',
      'transaction.version 0 → 2: raising',
      'group.version 0 → 1: pending',
      'share.version 0 → 1: pending',
      'streams.version 0 → 1: pending',
    ]);
  });

  it('has features that were lowered again', () => {
    expect(features(featureAt('group.version', 'lowered', ''))[2]).toBe('group.version 0 → 1: lowered');
  });

  it('has no feature that is not of the plan', () => {
    const state: UpgradeState = { ...kraftStateAfter(featureAt('kraft.version', 'raised', '')) };
    expect(upgradeResult(state, workflowId).features).toEqual([]);
  });

  it('has controllers among its nodes, and no second roll', () => {
    const { nodes } = upgradeResult(
      kraftStateAfter(planMade(kraftPlan()), rolled('binaries', 102, 'done')),
      workflowId,
    );
    expect(nodes.map(({ nodeId }) => nodeId)).toEqual([101, 102, 103, 1, 2, 3]);
    expect(nodes[1]).toEqual({ nodeId: 102, binaries: sampleTiming, protocol: null, rollback: null });
  });
});
