import fc from 'fast-check';
import { featureNames } from '../../../src/domain/knowledge/feature-levels';
import { featureRange, levelsBeyond, levelsInWords } from '../../../src/domain/levels/known-levels';
import type { LevelSeen } from '../../../src/domain/levels/known-levels';
import { requireVersion } from '../../../src/domain/cluster/version';

const range = (feature: string, release: string) => featureRange(feature, requireVersion(release, 'release'));
const seen = (feature: string, level: string | number, where = 'broker 1'): LevelSeen => ({
  feature,
  level: String(level),
  where,
});
const protocol = 'inter.broker.protocol.version';

describe('the levels that a release runs under', () => {
  it.each([
    ['metadata.version', '3.7.2', 1, 19],
    ['metadata.version', '3.9.2', 1, 21],
    ['metadata.version', '4.0.2', 7, 25],
    ['metadata.version', '9.9.9', 7, 0],
    ['kraft.version', '3.8.1', 0, 0],
    ['kraft.version', '3.9.2', 0, 1],
    ['transaction.version', '3.9.2', 0, 0],
    ['transaction.version', '4.0.2', 0, 2],
    ['eligible.leader.replicas.version', '3.9.2', 0, 0],
    ['eligible.leader.replicas.version', '4.0.2', 0, 1],
    ['share.version', '4.0.2', 0, 0],
    ['streams.version', '4.2.1', 0, 1],
    ['unheard.of', '4.3.0', 0, 0],
  ])('of %s on %s are %i to %i', (feature, release, oldest, newest) => {
    expect(range(feature, release)).toEqual({ oldest, newest });
  });
});

describe('a level that a release does not run under', () => {
  it.each([
    [seen('metadata.version', 21), '3.7.2', '3.9-IV0', 'knows none after 3.7-IV4'],
    [seen('metadata.version', 5), '4.0.2', '3.3-IV1', 'knows none before 3.3-IV3'],
    [seen('metadata.version', 99), '4.3.0', 'level 99', 'knows none after 4.3-IV0'],
    [seen('kraft.version', 1), '3.8.1', '1', 'does not know that feature'],
    [seen('transaction.version', 3), '4.0.2', '3', 'knows none after 2'],
    [seen('eligible.leader.replicas.version', 1), '3.9.2', '1', 'does not know that feature'],
    [seen(protocol, '3.8-IV0'), '3.7.2', '3.8-IV0', 'knows none after 3.7'],
    [seen(protocol, 'odd'), '3.7.2', 'odd', 'knows none after 3.7'],
    [seen(protocol, '3.7'), '4.0.2', '3.7', 'knows no such setting'],
  ])('is named with what the release knows: %j on %s', (one, release, name, known) => {
    expect(levelsBeyond([one], release)).toEqual([
      { feature: one.feature, level: one.level, name, where: ['broker 1'], known },
    ]);
  });

  it('is told once, with everywhere where it was read', () => {
    const all = [seen(protocol, '3.8', 'broker 1'), seen(protocol, '3.8', 'broker 2'), seen(protocol, '3.7')];
    expect(levelsBeyond(all, '3.7.2')).toMatchObject([{ where: ['broker 1', 'broker 2'] }]);
  });

  it('is none of its own, or below', () => {
    const all = [
      seen('metadata.version', 19),
      seen('group.version', 0),
      seen(protocol, '3.7.2'),
      seen(protocol, '3.6'),
    ];
    expect(levelsBeyond(all, '3.7.2')).toEqual([]);
    expect(levelsInWords([...all, seen(protocol, '3.6', 'broker 2')])).toEqual([
      'metadata.version 3.7-IV4 (broker 1)',
      'group.version 0 (broker 1)',
      `${protocol} 3.7.2 (broker 1)`,
      `${protocol} 3.6 (broker 1 and 1 more)`,
    ]);
  });

  it('is decided by the range of the release, whatever the feature', () => {
    const releases = fc.constantFrom('3.3.2', '3.7.2', '3.9.2', '4.0.2', '4.1.2', '4.3.1');
    const features = fc.constantFrom(...featureNames, 'unheard.of');
    fc.assert(
      fc.property(features, fc.nat({ max: 40 }), releases, (feature, level, release) => {
        const { oldest, newest } = range(feature, release);
        expect(levelsBeyond([seen(feature, level)], release).length === 0).toBe(level >= oldest && level <= newest);
      }),
    );
  });

  it('never becomes known by going to a release that is older', () => {
    const releases = ['3.3.2', '3.6.2', '3.7.2', '3.8.1', '3.9.2', '4.0.2', '4.1.2', '4.2.1', '4.3.1'];
    fc.assert(
      fc.property(fc.constantFrom(...featureNames), fc.integer({ min: 7, max: 30 }), (feature, level) => {
        const known = releases.map((release) => levelsBeyond([seen(feature, level)], release).length === 0);
        expect([...known].sort()).toEqual(known);
      }),
    );
  });
});
