import { makeFinalization } from '../../src/domain/finalization';
import type { FinalizationInput } from '../../src/domain/finalization';
import { metadataChangesBetween, metadataLevelName, metadataLevelOf } from '../../src/domain/knowledge/metadata-levels';
import { requireVersion } from '../../src/domain/version';

const plan = (
  target: string,
  finalized: Record<string, number>,
  overrides: Partial<FinalizationInput> = {},
): string[] =>
  makeFinalization({
    target: requireVersion(target, 'target'),
    finalized,
    requested: {},
    minIsrToWrite: null,
    ...overrides,
  }).map(
    ({ feature, fromName, toName, reversible, gate }) =>
      `${feature} ${fromName}→${toName} ${reversible ? 'reversible' : 'irreversible'} ${gate}`,
  );

const at = (level: string): Record<string, number> => ({ 'metadata.version': metadataLevelOf(level) ?? 0 });

describe('metadata levels', () => {
  it('are known by name, by line, and by number', () => {
    expect(metadataLevelOf('3.9')).toBe(21);
    expect(metadataLevelOf('3.9-IV0')).toBe(21);
    expect(metadataLevelOf('21')).toBe(21);
    expect(metadataLevelOf('4.0')).toBe(25);
    for (const text of ['0', '99', '3.9-IV7', 'new', '2.8']) expect(metadataLevelOf(text)).toBeNull();
    expect(metadataLevelName(30)).toBe('4.3-IV0');
    expect(metadataLevelName(77)).toBe('level 77');
  });

  // The lowest level that a safe downgrade reaches from each line's own (MetadataVersion.checkIfMetadataChanged).
  it.each([
    ['3.3', '3.3-IV3'],
    ['3.4', '3.4-IV0'],
    ['3.5', '3.5-IV2'],
    ['3.6', '3.6-IV2'],
    ['3.7', '3.7-IV2'],
    ['3.8', '3.7-IV2'],
    ['3.9', '3.7-IV2'],
    ['4.0', '4.0-IV1'],
    ['4.1', '4.0-IV1'],
    ['4.2', '4.0-IV1'],
    ['4.3', '4.3-IV0'],
  ])('from %s a downgrade reaches %s and nothing below', (line, lowest) => {
    const [high, low] = [metadataLevelOf(line) ?? 0, metadataLevelOf(lowest) ?? 0];
    expect(metadataChangesBetween(low, high)).toEqual([]);
    expect(metadataChangesBetween(low - 1, high)).not.toEqual([]);
  });
});

describe('what is finalized', () => {
  it.each([
    ['3.9.2', at('3.6'), ['metadata.version 3.6-IV2→3.9-IV0 irreversible protocol']],
    ['3.9.2', at('3.7'), ['metadata.version 3.7-IV4→3.9-IV0 reversible protocol']],
    ['3.9.2', at('3.9'), []],
    [
      '4.0.2',
      at('3.9'),
      [
        'metadata.version 3.9-IV0→4.0-IV3 irreversible protocol',
        'transaction.version 0→2 reversible protocol',
        'group.version 0→1 reversible protocol',
      ],
    ],
    [
      '4.2.1',
      { ...at('4.0'), 'transaction.version': 2, 'group.version': 1 },
      [
        'metadata.version 4.0-IV3→4.2-IV1 reversible protocol',
        'share.version 0→1 reversible protocol',
        'streams.version 0→1 reversible protocol',
      ],
    ],
  ])("for %s from %j is the release's own, without what cannot be taken back", (target, finalized, steps) => {
    expect(plan(target, finalized)).toEqual(steps);
  });

  it('is what the request says: other levels, other features, or none', () => {
    const requested = {
      'metadata.version': '4.0-IV0',
      'transaction.version': 1,
      'group.version': false as const,
      'eligible.leader.replicas.version': 1,
      'kraft.version': '1',
    };
    expect(plan('4.1.2', at('3.9'), { requested })).toEqual([
      'metadata.version 3.9-IV0→4.0-IV0 reversible protocol',
      'transaction.version 0→1 reversible protocol',
      'eligible.leader.replicas.version 0→1 irreversible eligible.leader.replicas.version',
      'kraft.version 0→1 irreversible kraft.version',
    ]);
    expect(
      plan('4.1.2', at('3.9'), {
        requested: { 'metadata.version': false, 'group.version': false, 'transaction.version': false },
      }),
    ).toEqual([]);
  });

  it('writes what the step needs first', () => {
    const requested = { 'eligible.leader.replicas.version': 1 };
    const steps = makeFinalization({
      target: requireVersion('4.1.2', 'target'),
      finalized: at('4.1'),
      requested,
      minIsrToWrite: '2',
    });
    expect(steps.find(({ feature }) => feature.startsWith('eligible'))?.prepare).toEqual({
      name: 'min.insync.replicas',
      value: '2',
    });
  });

  it.each([
    [{ 'no.such': 1 }, '4.1.2', '"features" names no.such; known are metadata.version, transaction.version'],
    [
      { 'metadata.version': '4.3' },
      '4.1.2',
      'asks for metadata.version 4.3, which 4.1 does not know (its newest is 4.1-IV1)',
    ],
    [{ 'metadata.version': 'new' }, '4.1.2', 'asks for metadata.version new'],
    [{ 'transaction.version': 3 }, '4.1.2', 'asks for transaction.version 3, but its levels are 1 to 2'],
    [{ 'group.version': '1.5' }, '4.1.2', 'asks for group.version 1.5, but its levels are 1 to 1'],
    [
      { 'kraft.version': 1 },
      '4.0.2',
      'asks for kraft.version, which an existing cluster can have from 4.1 on, not on 4.0',
    ],
    [{ 'share.version': 1 }, '3.9.2', 'asks for share.version, which an existing cluster can have from 4.1 on'],
  ])('refuses %j for %s', (requested, target, words) => {
    expect(() => plan(target, at('3.9'), { requested })).toThrow(words);
  });
});
