import { makePlan } from '../../../src/domain/plan/make-plan';
import type { UpgradeRequest } from '../../../src/domain/plan/request';
import { plannedOrder } from '../../../src/domain/plan/planned-order';
import { blockers, phaseTitlesOf } from '../../../src/domain/plan/upgrade-plan';
import { gateQuestion, gatesOf } from '../../../src/domain/people/approval';
import type { ClusterSnapshot } from '../../../src/domain/checks/cluster-snapshot';
import { quorumOf } from '../../support/healthy-measurement';
import {
  finalizedAt,
  kraftSnapshot,
  readableSha256,
  request,
  runningBroker,
  snapshot,
  withNode,
} from '../../support/snapshot';

const planOf = (given: ClusterSnapshot, overrides: Partial<UpgradeRequest> = {}) =>
  makePlan(given, { ...request, target: '3.7.2', ...overrides }, readableSha256);

/** Every broker runs 3.8.1 and speaks what is said; its file pins it. */
const zookeeper = (protocols: string[] = ['3.7', '3.7', '3.7'], versions = ['3.8.1', '3.8.1', '3.8.1']) =>
  protocols.reduce((base, protocol, index) => {
    const node = index + 1;
    const properties = `broker.id=${node}\nzookeeper.connect=zk:2181\ninter.broker.protocol.version=${protocol}\n`;
    const targetRelease = { directory: '/opt/kafka_2.13-3.7.2', version: '3.7.2' };
    const running = runningBroker({ version: versions[index] ?? null, protocol });
    return withNode(node, { host: { properties, targetRelease }, running }, base);
  }, snapshot());

const kraftAt = (level: number): ClusterSnapshot => {
  const base = kraftSnapshot({ running: finalizedAt(level) });
  const targetRelease = { directory: '/opt/kafka_2.13-3.7.2', version: '3.7.2' };
  return { ...base, hosts: base.hosts.map((host) => ({ ...host, targetRelease })) };
};

describe('the plan to an older release, in ZooKeeper mode', () => {
  it('takes the binaries back, and moves no level', () => {
    const plan = planOf(zookeeper());
    expect(blockers(plan)).toEqual([]);
    expect(plan).toMatchObject({
      downgrade: true,
      fromVersion: '3.8.1',
      toVersion: '3.7.2',
      fromProtocol: '3.7',
      toProtocol: '3.7',
      finalization: [],
    });
    expect(plan.steps.protocol).toEqual([]);
    for (const step of plan.steps.binaries)
      expect(step).toMatchObject({ needed: true, fromVersion: '3.8.1', toVersion: '3.7.2', protocol: '3.7' });
    expect(plan.steps.binaries.flatMap(({ edit }) => edit.changes)).toEqual([]);
    expect(gatesOf(plan)).toEqual(['plan', 'canary']);
    expect(gateQuestion('plan', plan)).toEqual({
      question: 'Is this plan, with its findings, the downgrade to 3.7.2 you want now?',
      afterwards: 'No level moves; 3.8.1 can be put back (`rollback`).',
    });
  });

  it('continues one that ended half-way, and leaves what is done alone', () => {
    const plan = planOf(zookeeper(undefined, ['3.8.1', '3.7.2', '3.8.1']));
    expect(blockers(plan)).toEqual([]);
    expect(plan.fromVersion).toBe('3.8.1');
    expect(plan.steps.binaries.map(({ needed }) => needed)).toEqual([true, false, true]);
  });

  it('is blocked by one broker that speaks more, and lowers nothing', () => {
    const plan = planOf(zookeeper(['3.7', '3.8', '3.7']));
    expect(blockers(plan).map(({ seen }) => seen)).toEqual([
      'The target 3.7.2 is older than what runs: inter.broker.protocol.version is 3.8 (read from broker 2), and 3.7.2 knows none after 3.7.',
    ]);
    expect(plan.steps.protocol).toEqual([]);
  });

  it('raises nothing, whatever is asked for', () => {
    expect(() => planOf(zookeeper(), { features: { 'group.version': 1 } })).toThrow(
      '"features" asks for group.version, but 3.7.2 is older than what runs, and on the way down no level is raised',
    );
    expect(planOf(zookeeper(), { features: { 'group.version': false } }).downgrade).toBe(true);
  });
});

describe('the plan to an older release, on KRaft', () => {
  it('is that of the binaries under a level that the target knows', () => {
    const plan = planOf(kraftAt(19));
    expect(blockers(plan)).toEqual([]);
    expect(plan).toMatchObject({
      downgrade: true,
      fromVersion: '3.9.2',
      fromProtocol: '3.7-IV4',
      toProtocol: '3.7-IV4',
    });
    expect(plan.steps.binaries.every(({ needed }) => needed)).toBe(true);
    expect(gatesOf(plan)).toEqual(['plan', 'canary']);
  });

  it('is blocked by a level that the target does not know', () => {
    expect(blockers(planOf(kraftAt(21))).map(({ seen }) => seen)).toEqual([
      'The target 3.7.2 is older than what runs: metadata.version is 3.9-IV0 (read from broker 1), and 3.7.2 knows none after 3.7-IV4.',
    ]);
  });

  it('takes the way up backwards: brokers before controllers', () => {
    const base = kraftAt(19);
    const nodes = base.nodes.map((node) => ({ ...node, roles: [node.id === 1 ? 'broker' : 'controller'] as const }));
    const isolated = {
      ...base,
      nodes: nodes.map((node) => ({ ...node, roles: [...node.roles] })),
      quorum: quorumOf([2, 3]),
    };
    const plan = planOf(isolated);
    expect(plan.canary).toBe(1);
    expect(plan.orderRule).toMatch(/^Brokers first, then controllers/);
    expect(plannedOrder(plan, 'binaries').map(({ nodeId }) => nodeId)[0]).toBe(1);
  });
});

describe('the titles of the rolls', () => {
  it('do not call older binaries new', () => {
    expect(phaseTitlesOf({})).toMatchObject({ binaries: 'new binaries', rollback: 'old binaries back' });
    expect(phaseTitlesOf({ downgrade: true })).toEqual({
      binaries: 'older binaries',
      protocol: 'new protocol',
      rollback: 'newer binaries back',
    });
  });
});
