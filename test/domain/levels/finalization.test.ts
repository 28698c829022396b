import fc from 'fast-check';
import { UpgradeError } from '../../../src/domain/common/failure';
import { levelName, makeFinalization } from '../../../src/domain/levels/finalization';
import type { FinalizationInput, RequestedFeatures } from '../../../src/domain/levels/finalization';
import { metadataChangesBetween, metadataLevelOf } from '../../../src/domain/knowledge/metadata-levels';
import { requireVersion } from '../../../src/domain/cluster/version';

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
      'metadata.version': '4.0-IV1',
      'transaction.version': 1,
      'group.version': false as const,
      'eligible.leader.replicas.version': 1,
      'kraft.version': '1',
    };
    expect(plan('4.1.2', at('3.9'), { requested })).toEqual([
      'metadata.version 3.9-IV0→4.0-IV1 irreversible protocol',
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

  it.each<[string, RequestedFeatures, string, string]>([
    [
      'a feature that nobody knows',
      { 'no.such': 1, 'metadata.version': '4.1' },
      '4.1.2',
      'names no.such; known are metadata.version, transaction.version, group.version, share.version, streams.version, eligible.leader.replicas.version, kraft.version',
    ],
    [
      'a level of a later line',
      { 'metadata.version': '4.3' },
      '4.1.2',
      'asks for metadata.version 4.3, which 4.1 does not know (its newest is 4.1-IV1)',
    ],
    [
      'a level by a number that is too high',
      { 'metadata.version': 28 },
      '4.1.2',
      'asks for metadata.version 28, which 4.1 does not know (its newest is 4.1-IV1)',
    ],
    [
      'no level at all',
      { 'metadata.version': 'new' },
      '4.1.2',
      'asks for metadata.version new, which 4.1 does not know (its newest is 4.1-IV1)',
    ],
    [
      'a level of a line that is not known here',
      { 'metadata.version': '4.1' },
      '5.0.0',
      'asks for metadata.version 4.1, which 5.0 does not know (its newest is unknown)',
    ],
    [
      'a level that is too high',
      { 'transaction.version': 3 },
      '4.1.2',
      'asks for transaction.version 3, but its levels are 1 to 2',
    ],
    ['half a level', { 'group.version': '1.5' }, '4.1.2', 'asks for group.version 1.5, but its levels are 1 to 1'],
    ['level 0', { 'group.version': 0 }, '4.1.2', 'asks for group.version 0, but its levels are 1 to 1'],
    ['a word', { 'group.version': 'on' }, '4.1.2', 'asks for group.version on, but its levels are 1 to 1'],
    [
      'what only works on a later line',
      { 'kraft.version': 1 },
      '4.0.2',
      'asks for kraft.version, which an existing cluster can have from 4.1 on, not on 4.0',
    ],
    [
      'what is not there yet',
      { 'share.version': 1 },
      '3.9.2',
      'asks for share.version, which an existing cluster can have from 4.1 on, not on 3.9',
    ],
    [
      'what Kafka refuses on that metadata.version',
      { 'eligible.leader.replicas.version': 1, 'metadata.version': '4.0-IV0' },
      '4.1.2',
      'asks for eligible.leader.replicas.version, which needs metadata.version 4.0-IV1; it would be 4.0-IV0',
    ],
    [
      'the same, with metadata.version left as it is',
      { 'eligible.leader.replicas.version': 1, 'metadata.version': false },
      '4.1.2',
      'asks for eligible.leader.replicas.version, which needs metadata.version 4.0-IV1; it would be 3.9-IV0',
    ],
  ])('refuses %s', (_what, requested, target, words) => {
    expect(() => plan(target, at('3.9'), { requested })).toThrow(
      new UpgradeError('InvalidRequest', `The start input is not usable: "features" ${words}.`),
    );
  });

  it('refuses kraft.version while metadata.version stays below 3.9', () => {
    const requested = { 'kraft.version': 1, 'metadata.version': false as const };
    expect(() => plan('4.1.2', at('3.7'), { requested })).toThrow(
      'asks for kraft.version, which needs metadata.version 3.9-IV0; it would be 3.7-IV4.',
    );
    expect(plan('4.1.2', at('3.7'), { requested: { 'kraft.version': 1 } }).at(-1)).toBe(
      'kraft.version 0→1 irreversible kraft.version',
    );
  });

  it('takes what a feature needs from the cluster, when that is newer than what is asked for', () => {
    const requested = { 'eligible.leader.replicas.version': 1, 'metadata.version': '3.9' };
    expect(plan('4.1.2', { ...at('4.0'), 'transaction.version': 2, 'group.version': 1 }, { requested })).toEqual([
      'eligible.leader.replicas.version 0→1 irreversible eligible.leader.replicas.version',
    ]);
  });
});

describe('the steps, word by word', () => {
  const steps = (target: string, finalized: Record<string, number>, overrides: Partial<FinalizationInput> = {}) =>
    makeFinalization({
      target: requireVersion(target, 'target'),
      finalized,
      requested: {},
      minIsrToWrite: '2',
      ...overrides,
    });

  it.each([
    [
      '3.9.2',
      '3.7',
      true,
      "No level between changed the metadata log: Kafka's code accepts a downgrade to 3.7-IV4, its documentation does not promise it. An old binary starts again only after every node has written a snapshot of the metadata log (once an hour by default).",
    ],
    [
      '3.9.2',
      '3.6',
      false,
      'IRREVERSIBLE: 3.7-IV0, 3.7-IV2 changed what the metadata log holds; Kafka refuses to go back below that.',
    ],
    [
      '4.3.0',
      '3.9',
      false,
      'IRREVERSIBLE: 4.0-IV1, 4.3-IV0 changed what the metadata log holds; Kafka refuses to go back below that.',
    ],
  ])('to %s from %s', (target, from, reversible, wayBack) => {
    expect(steps(target, at(from))[0]).toMatchObject({
      feature: 'metadata.version',
      reversible,
      wayBack,
      gate: 'protocol',
      prepare: null,
    });
  });

  it('of the features that cannot be taken back', () => {
    const requested = { 'eligible.leader.replicas.version': 1, 'kraft.version': 1 };
    const finalized = { ...at('4.1'), 'transaction.version': 2, 'group.version': 1 };
    expect(steps('4.1.2', finalized, { requested })).toEqual([
      {
        feature: 'eligible.leader.replicas.version',
        from: 0,
        to: 1,
        fromName: '0',
        toName: '1',
        reversible: false,
        wayBack:
          'The level can be lowered again, its side effect stays: min.insync.replicas of single brokers is deleted and a value for the whole cluster is written (KIP-966).',
        gate: 'eligible.leader.replicas.version',
        prepare: { name: 'min.insync.replicas', value: '2' },
      },
      {
        feature: 'kraft.version',
        from: 0,
        to: 1,
        fromName: '0',
        toName: '1',
        reversible: false,
        wayBack: 'IRREVERSIBLE: a static quorum becomes a dynamic one for good (KIP-853).',
        gate: 'kraft.version',
        prepare: null,
      },
    ]);
    const [prepared] = steps('4.1.2', finalized, { requested, minIsrToWrite: null });
    expect(prepared?.prepare).toBeNull();
  });

  it.each([
    ['metadata.version', 21, '3.9-IV0'],
    ['metadata.version', 99, 'level 99'],
    ['transaction.version', 2, '2'],
    ['kraft.version', 0, '0'],
  ])('name level %s %i as %s', (feature, level, name) => {
    expect(levelName(feature, level)).toBe(name);
  });
});

describe('properties of what is finalized', () => {
  const anyTarget = fc.constantFrom('3.7.2', '3.9.2', '4.0.2', '4.1.2', '4.2.1', '4.3.0');
  const anyFinalized = fc.record({
    'metadata.version': fc.integer({ min: 1, max: 30 }),
    'transaction.version': fc.integer({ min: 0, max: 2 }),
    'group.version': fc.nat(1),
    'share.version': fc.nat(1),
    'streams.version': fc.nat(1),
    'eligible.leader.replicas.version': fc.nat(1),
    'kraft.version': fc.nat(1),
  });
  const given = (target: string, finalized: Record<string, number>) =>
    makeFinalization({ target: requireVersion(target, 'target'), finalized, requested: {}, minIsrToWrite: null });

  it('nothing is ever lowered, nothing is raised twice, and metadata.version comes first', () => {
    fc.assert(
      fc.property(anyTarget, anyFinalized, (target, finalized) => {
        const made = given(target, finalized);
        for (const { from, to } of made) expect(to).toBeGreaterThan(from);
        const names = made.map(({ feature }) => feature);
        expect(new Set(names).size).toBe(names.length);
        expect(names.indexOf('metadata.version')).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('I3: without being asked for, nothing needs a gate of its own, and only metadata.version may be irreversible', () => {
    fc.assert(
      fc.property(anyTarget, anyFinalized, (target, finalized) => {
        for (const { feature, gate, reversible, prepare } of given(target, finalized)) {
          expect([gate, prepare]).toEqual(['protocol', null]);
          expect(reversible || feature === 'metadata.version').toBe(true);
        }
      }),
    );
  });

  it('once they are done, nothing is left', () => {
    fc.assert(
      fc.property(anyTarget, anyFinalized, (target, finalized) => {
        const raised = Object.fromEntries(given(target, finalized).map(({ feature, to }) => [feature, to]));
        expect(given(target, { ...finalized, ...raised })).toEqual([]);
      }),
    );
  });

  it('metadata.version is reversible exactly when no level on the way changed the log', () => {
    fc.assert(
      fc.property(anyTarget, anyFinalized, (target, finalized) => {
        const [step] = given(target, finalized).filter(({ feature }) => feature === 'metadata.version');
        if (step === undefined) return;
        expect(step.reversible).toBe(metadataChangesBetween(step.from, step.to).length === 0);
      }),
    );
  });
});
