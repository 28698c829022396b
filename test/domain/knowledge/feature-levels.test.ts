import { makeFinalization } from '../../../src/domain/levels/finalization';
import {
  eligibleLeaderReplicas,
  featureNames,
  kraftVersion,
  metadataVersion,
  otherFeatures,
} from '../../../src/domain/knowledge/feature-levels';
import { metadataLevelName, metadataLevelOf } from '../../../src/domain/knowledge/metadata-levels';
import { releaseLines } from '../../../src/domain/knowledge/releases';
import { requireVersion } from '../../../src/domain/cluster/version';

const named = (name: string) => otherFeatures.find((feature) => feature.name === name);

/** The level of metadata.version at which a new cluster gets the feature (bootstrapMetadataVersion). */
const bootstrapLevels = {
  'transaction.version': '4.0-IV2',
  'group.version': '4.0-IV0',
  'share.version': '4.2-IV0',
  'streams.version': '4.2-IV1',
  'eligible.leader.replicas.version': '4.1-IV0',
};

describe('the features beside metadata.version', () => {
  it('are those of KIP-584 that are for production, in the order in which they are raised', () => {
    expect(otherFeatures.map(({ name, level }) => [name, level])).toEqual([
      ['transaction.version', 2],
      ['group.version', 1],
      ['share.version', 1],
      ['streams.version', 1],
      ['eligible.leader.replicas.version', 1],
      ['kraft.version', 1],
    ]);
  });

  it('can all be named in a request, once, with metadata.version first', () => {
    expect(featureNames).toEqual([metadataVersion, ...otherFeatures.map(({ name }) => name)]);
    expect(new Set(featureNames).size).toBe(featureNames.length);
  });

  it.each(otherFeatures)('$name comes with release lines that are known, and is set by none before', (feature) => {
    const lines = releaseLines.map(({ line }) => line);
    expect(lines).toContain(feature.since);
    expect(lines.indexOf(feature.setSince)).toBeGreaterThanOrEqual(lines.indexOf(feature.since));
    expect(feature.level).toBeGreaterThan(0);
    expect(feature.wayBack).toMatch(/\.$/);
  });

  it.each(Object.entries(bootstrapLevels))('%s is set by the first line that knows %s', (name, level) => {
    const [line = ''] = level.split('-');
    expect(named(name)?.setSince).toBe(line);
    expect(metadataLevelOf(level)).not.toBeNull();
  });

  it.each([
    ['transaction.version', null],
    ['group.version', null],
    ['share.version', null],
    ['streams.version', null],
    // EligibleLeaderReplicasVersion.ELRV_1 and KRaftVersion.KRAFT_VERSION_1, dependencies
    [eligibleLeaderReplicas, '4.0-IV1'],
    [kraftVersion, '3.9-IV0'],
  ])('%s depends on metadata.version %s', (name, level) => {
    expect(named(name)?.needsMetadata).toBe(level === null ? 0 : metadataLevelOf(level));
  });

  it.each(otherFeatures)('$name has what it depends on, on the line that can have it', ({ since, needsMetadata }) => {
    expect(metadataLevelOf(since)).toBeGreaterThanOrEqual(needsMetadata);
  });

  it('are raised without being asked for exactly when all of it can be taken back', () => {
    for (const { name, onlyWhenAsked, reversible } of otherFeatures)
      expect([name, onlyWhenAsked]).toEqual([name, !reversible]);
    expect(otherFeatures.filter(({ onlyWhenAsked }) => onlyWhenAsked).map(({ name }) => name)).toEqual([
      eligibleLeaderReplicas,
      kraftVersion,
    ]);
  });

  it('say IRREVERSIBLE only of what no command takes back', () => {
    const loud = otherFeatures.filter(({ wayBack }) => wayBack.includes('IRREVERSIBLE')).map(({ name }) => name);
    expect(loud).toEqual([kraftVersion]);
  });
});

describe('what each line raises by itself, from 3.9', () => {
  // FeatureCommand.handleUpgradeOrDowngrade for `--release-version`, without what cannot be taken back.
  it.each<[string, Record<string, number>]>([
    ['3.9', {}],
    ['4.0', { 'metadata.version': 25, 'transaction.version': 2, 'group.version': 1 }],
    ['4.1', { 'metadata.version': 27, 'transaction.version': 2, 'group.version': 1 }],
    [
      '4.2',
      {
        'metadata.version': 29,
        'transaction.version': 2,
        'group.version': 1,
        'share.version': 1,
        'streams.version': 1,
      },
    ],
    [
      '4.3',
      {
        'metadata.version': 30,
        'transaction.version': 2,
        'group.version': 1,
        'share.version': 1,
        'streams.version': 1,
      },
    ],
  ])('%s: %j', (line, levels) => {
    const steps = makeFinalization({
      target: requireVersion(`${line}.0`, 'target'),
      finalized: { 'metadata.version': metadataLevelOf('3.9') ?? 0 },
      requested: {},
      minIsrToWrite: null,
    });
    expect(Object.fromEntries(steps.map(({ feature, to }) => [feature, to]))).toEqual(levels);
    const [metadata] = steps.filter(({ feature }) => feature === metadataVersion);
    expect(metadata?.toName ?? metadataLevelName(21)).toBe(metadataLevelName(metadataLevelOf(line) ?? 0));
  });
});
