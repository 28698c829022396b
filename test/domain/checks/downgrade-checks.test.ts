import fc from 'fast-check';
import { checkDowngrade, levelsOf } from '../../../src/domain/checks/downgrade-checks';
import { assessPath } from '../../../src/domain/checks/upgrade-path';
import { compareVersions, requireVersion } from '../../../src/domain/cluster/version';
import type { LevelSeen } from '../../../src/domain/levels/known-levels';
import { kraftSnapshot, runningBroker, snapshot, withNode } from '../../support/snapshot';

const seen = (feature: string, level: number): LevelSeen => ({ feature, level: String(level), where: 'broker 1' });
const kraft = { left: '3.9.2', target: '3.7.2', mode: 'kraft' } as const;

describe('the levels in force, as a snapshot has them', () => {
  it('are what each broker of a ZooKeeper cluster speaks', () => {
    const given = withNode(3, { running: runningBroker({ protocol: null }) }, snapshot());
    expect(levelsOf(given)).toEqual(
      [1, 2].map((id) => ({ feature: 'inter.broker.protocol.version', level: '3.7-IV4', where: `broker ${id}` })),
    );
  });

  it('are the newest finalized features of a KRaft cluster, and who told them', () => {
    const base = kraftSnapshot();
    const [first, second] = [base.running[1], base.running[2]];
    if (first === undefined || second === undefined) throw new Error('no nodes');
    const features = { observedBy: 2, finalized: { 'metadata.version': 20 }, finalizedEpoch: 9 };
    const running = { ...base.running, 2: { ...second, features }, 3: { ...first, features: null } };
    expect(levelsOf({ ...base, running })).toEqual([{ feature: 'metadata.version', level: '20', where: 'broker 2' }]);
    const stranger = { ...features, observedBy: 99 };
    expect(levelsOf({ ...base, running: { 2: { ...second, features: stranger } } })[0]?.where).toBe('a node');
    expect(levelsOf({ ...base, running: {} })).toEqual([]);
  });
});

describe('a downgrade', () => {
  it('is allowed under levels that the target knows, with what it is and what can bite', () => {
    const [allowed, caution, ...more] = checkDowngrade([seen('metadata.version', 19)], kraft);
    expect(more).toEqual([]);
    expect(allowed).toMatchObject({
      severity: 'warning',
      seen: 'This is a downgrade, 3.9.2 → 3.7.2: the binaries only. 3.7.2 knows every level in force, as read: metadata.version 3.7-IV4 (broker 1).',
    });
    expect(caution?.seen).toBe('What only 3.9.2 can do is gone again on 3.7.2.');
    expect(caution?.action).toContain('wait until every node has written a snapshot');
    expect(checkDowngrade([], { ...kraft, mode: 'zookeeper' })[1]?.action).not.toContain('snapshot');
  });

  it.each([
    [
      'metadata.version',
      21,
      'downgrade --feature metadata.version=19; then wait until every node has written a snapshot',
    ],
    ['metadata.version', 30, 'IRREVERSIBLE: 4.0-IV1, 4.3-IV0 changed'],
    ['kraft.version', 1, 'IRREVERSIBLE: a static quorum becomes a dynamic one for good (KIP-853). Stay'],
    ['eligible.leader.replicas.version', 1, 'its side effect stays'],
    ['transaction.version', 2, 'downgrade --feature transaction.version=0'],
  ])('is refused under %s %i, with what can be done about it', (feature, level, action) => {
    const [blocker, ...more] = checkDowngrade([seen('metadata.version', 19), seen(feature, level)], kraft);
    expect(more).toEqual([]);
    expect(blocker).toMatchObject({ severity: 'blocker', failure: 'UnsupportedUpgradePath' });
    expect(blocker?.seen).toMatch(
      new RegExp(
        `^The target 3\\.7\\.2 is older than what runs: ${feature} is .* \\(read from broker 1\\), and 3\\.7\\.2`,
      ),
    );
    expect(blocker?.action).toContain(action);
  });

  it('goes down only under levels that the target knows', () => {
    const releases = fc.constantFrom('2.8.2', '3.3.2', '3.6.2', '3.7.2', '3.8.1', '3.9.2', '4.0.2', '4.3.1');
    const levels = fc.constantFrom('3.3-IV3', '3.6-IV2', '3.7-IV4', '3.8-IV0', '3.9-IV0');
    fc.assert(
      fc.property(releases, releases, levels, (source, target, level) => {
        const to = requireVersion(target, 'target');
        fc.pre(compareVersions(requireVersion(source, 'source'), to) > 0);
        const spoken = { feature: 'inter.broker.protocol.version', level, where: 'broker 1' };
        const { ok } = assessPath({ mode: 'zookeeper', sources: [source], target, levels: [spoken], javaVersions: [] });
        const [major = '0', minor = '0'] = level.split('-')[0]?.split('.') ?? [];
        const knows = to.major * 100 + to.minor >= Number(major) * 100 + Number(minor);
        expect(ok).toBe(knows && to.major < 4);
      }),
    );
  });
});
