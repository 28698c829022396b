import { checkController, checkGauges } from '../../../src/domain/health/assess-cluster';
import { checkVersion } from '../../../src/domain/health/assess-node';
import { assessStop } from '../../../src/domain/health/assess-stop';
import { capitalized, nodeWords } from '../../../src/domain/cluster/node-words';
import { levelWords } from '../../../src/domain/plan/upgrade-plan';
import { upgradeResult } from '../../../src/domain/upgrade/upgrade-result';
import { assessPath } from '../../../src/domain/checks/upgrade-path';
import { goodGauges, healthy, healthyKraft, partitionOf } from '../../support/healthy-measurement';
import { planMade, samplePlan, stateAfter } from '../../support/upgrade-fixture';

describe('the words for a node', () => {
  it('tell brokers from controllers', () => {
    expect(nodeWords(['broker', 'controller'], 2)).toBe('broker 2');
    expect(nodeWords(['controller'], 101)).toBe('controller 101');
    expect(capitalized(nodeWords(['controller'], 101))).toBe('Controller 101');
    expect(levelWords({ mode: 'kraft' })).toBe('metadata.version');
    expect(levelWords({ mode: 'zookeeper' })).toBe('protocol');
  });

  it('are used where a controller is measured', () => {
    const measurement = healthyKraft([1, 2, 3], [101, 102, 103]);
    const expectation = { nodeId: 101, version: '4.3.0', protocol: null };
    expect(checkVersion(measurement, expectation).message).toBe('controller 101 runs 3.7.2, not 4.3.0');
    expect(checkGauges(measurement).at(-1)?.message).toBe('JMX OfflinePartitionsCount is 0 on controller 101');
  });
});

describe('KRaft', () => {
  it('has no active controller while its quorum has no leader, or nobody tells', () => {
    const silent = { ...healthyKraft(), quorum: null, quorumTrouble: 'refused' };
    expect(checkController(silent).message).toBe('the controllers have no leader (refused)');
    expect(checkController({ ...silent, quorumTrouble: null }).message).toContain('an election runs');
  });

  it('has targets of its own, from 3.3 on', () => {
    const input = { mode: 'kraft' as const, sources: ['3.9.2'], levels: [], javaVersions: [] };
    const [finding] = assessPath({ ...input, target: '9.9.0' }).findings;
    expect(finding?.action).toContain('Choose one of 3.3.2');
    expect(finding?.action).toContain('4.3');
    expect(assessPath({ ...input, target: '4.0.2' }).ok).toBe(true);
  });

  it('tells its features in the result', () => {
    const step = {
      feature: 'group.version',
      from: 0,
      to: 1,
      fromName: '0',
      toName: '1',
      reversible: true,
      wayBack: '',
      gate: 'protocol' as const,
      prepare: null,
    };
    const state = stateAfter(planMade(samplePlan({ mode: 'kraft', finalization: [step] })));
    expect(upgradeResult(state, 'w').features).toEqual([
      { feature: 'group.version', from: '0', to: '1', state: 'pending' },
    ]);
  });
});

describe('a sick node in ZooKeeper mode', () => {
  it('may be stopped in a rollback when everything else is whole', () => {
    const partitions = [{ ...partitionOf('orders', [1, 2, 3]), isr: [1, 3] }];
    const measurement = {
      ...healthy([1, 2, 3], partitions),
      gauges: { 1: { ...goodGauges, underReplicatedPartitions: 1 }, 2: null, 3: goodGauges },
    };
    const rules = { nodeId: 2, minIsrMargin: 0, accepted: [], maybeSick: true };
    expect(assessStop(measurement, rules).status).toBe('successful');
    expect(assessStop({ ...measurement, gauges: { ...measurement.gauges, 3: null } }, rules).status).not.toBe(
      'successful',
    );
  });
});
