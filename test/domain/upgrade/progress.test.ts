import fc from 'fast-check';
import { upgradeProgress } from '../../../src/domain/upgrade/progress';
import type { PlannedWork } from '../../../src/domain/upgrade/progress';
import type { FeatureProgress, NodeProgress } from '../../../src/domain/upgrade/upgrade-state';
import { upgradeStatus } from '../../../src/domain/upgrade/upgrade-status';
import { kraftStateAfter, midFinalization, midKraftRoll, rolled } from '../../support/kraft-fixture';
import { midFirstRoll, planMade, stateAfter } from '../../support/upgrade-fixture';

type Node = PlannedWork['nodes'][number];
type State = NodeProgress['state'];

const at = (state: State): NodeProgress => ({ state, detail: '', timing: null });

const node = (binaries: State, protocol: State | null = 'pending', rollback: State | null = null): Node => ({
  binaries: at(binaries),
  protocol: protocol === null ? null : at(protocol),
  rollback: rollback === null ? null : at(rollback),
});

const told = (nodes: Node[], features: FeatureProgress['state'][] = []): string[] =>
  upgradeProgress({ nodes, features: features.map((state) => ({ state })) }).map(
    ({ part, done, of }) => `${part} ${done}/${of}`,
  );

describe('how far an upgrade is', () => {
  it.each<[string, Node[], FeatureProgress['state'][], string[]]>([
    ['has nothing to tell of no nodes', [], [], []],
    ['begins with nothing done', [node('pending'), node('pending')], [], ['binaries 0/2', 'protocol 0/2']],
    [
      'counts a node when it is done, not before',
      [node('done'), node('rolling')],
      [],
      ['binaries 1/2', 'protocol 0/2'],
    ],
    ['counts a parked node as work that is left', [node('parked'), node('done')], [], ['binaries 1/2', 'protocol 0/2']],
    [
      'leaves out nodes that were what it wants before',
      [node('skipped', 'skipped'), node('done', 'done')],
      [],
      ['binaries 1/1', 'protocol 1/1'],
    ],
    ['leaves out a roll without any work', [node('skipped', 'pending')], [], ['protocol 0/1']],
    [
      'has no second roll on KRaft',
      [node('done', null)],
      ['raised', 'raising', 'pending'],
      ['binaries 1/1', 'features 1/3'],
    ],
    [
      'does not count features that were lowered again',
      [node('done', null)],
      ['lowered', 'lowering'],
      ['binaries 1/1', 'features 0/2'],
    ],
  ])('%s', (_, nodes, features, expected) => {
    expect(told(nodes, features)).toEqual(expected);
  });

  it.each<[string, Node[], string[]]>([
    ['only the way back', [node('done', 'pending', 'rolling'), node('pending')], ['rollback 0/1']],
    [
      'every node that was touched',
      [node('done', 'pending', 'done'), node('parked'), node('rolling')],
      ['rollback 1/3'],
    ],
    ['nodes that had the new binary before', [node('skipped', 'skipped', 'pending')], ['rollback 0/1']],
    ['a node that was put back before it was touched by the roll', [node('pending', null, 'done')], ['rollback 1/1']],
  ])('tells on the way back %s', (_, nodes, expected) => {
    expect(told(nodes, ['raised'])).toEqual(expected);
  });

  it('is told of the status as it is', () => {
    expect(upgradeProgress(upgradeStatus(stateAfter()))).toEqual([]);
    expect(upgradeProgress(upgradeStatus(stateAfter(planMade())))).toEqual([
      { part: 'binaries', done: 0, of: 3 },
      { part: 'protocol', done: 0, of: 3 },
    ]);
    expect(upgradeProgress(upgradeStatus(stateAfter(...midFirstRoll)))[0]).toEqual({
      part: 'binaries',
      done: 1,
      of: 3,
    });
    const parts = (status: PlannedWork): string[] => upgradeProgress(status).map(({ part }) => part);
    expect(parts(upgradeStatus(kraftStateAfter(...midKraftRoll())))).toEqual(['binaries', 'features']);
    expect(upgradeProgress(upgradeStatus(kraftStateAfter(...midFinalization())))[1]).toEqual({
      part: 'features',
      done: 1,
      of: 5,
    });
    const back = stateAfter(...midFirstRoll, { type: 'rollback-started' }, rolled('rollback', 1, 'rolling'));
    expect(upgradeProgress(upgradeStatus(back))).toEqual([{ part: 'rollback', done: 0, of: 2 }]);
  });

  it('never has more done than there is, and no part without work', () => {
    const anyState = fc.constantFrom<State>('pending', 'rolling', 'done', 'skipped', 'parked');
    const maybe = fc.option(anyState);
    const anyNode = fc.tuple(anyState, maybe, maybe).map(([first, second, back]) => node(first, second, back));
    fc.assert(
      fc.property(fc.array(anyNode), (nodes) => {
        for (const { done, of } of upgradeProgress({ nodes, features: [] })) {
          expect(done).toBeLessThanOrEqual(of);
          expect(of).toBeGreaterThan(0);
        }
      }),
    );
  });
});
