import { isRolling } from '../../../src/domain/upgrade/is-rolling';
import type { NodeProgress } from '../../../src/domain/upgrade/upgrade-state';
import { initialState } from '../../../src/domain/upgrade/upgrade-state';

const begun = { cluster: 'orders', target: '3.8.1', request: { requester: null, ticket: null }, startedAtMs: 0 };

const stateWith = (state: NodeProgress['state']) => {
  const { nodes } = initialState(begun);
  return { nodes: { ...nodes, binaries: { 1: { state, detail: '', timing: null } } } };
};

it.each<[NodeProgress['state'], boolean]>([
  ['rolling', true],
  ['parked', false],
  ['pending', false],
  ['done', false],
  ['skipped', false],
])('a node that is %s is being restarted: %s', (state, rolling) => {
  expect(isRolling(stateWith(state))).toBe(rolling);
});

it('nothing is being restarted at the start', () => {
  expect(isRolling(initialState(begun))).toBe(false);
});
