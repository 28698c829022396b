import { checkGroups } from '../../../src/domain/health/assess-groups';
import { acceptableOf, verdictOf } from '../../../src/domain/health/gate';
import { acceptedGroups, groupAcceptance } from '../../../src/domain/lag/accepted-groups';
import type { LagAssessment } from '../../../src/domain/lag/lag';

const settled: LagAssessment = {
  settled: true,
  groups: [],
  stalled: [],
  growing: [],
  rising: [],
  waiting: [],
  notMeasured: [],
  sentences: [],
};

describe('the check of the consumer groups', () => {
  it('says what is reported beside, when it is successful', () => {
    expect(checkGroups(settled).message).toBe('0 consumer groups go on');
    const reported = { ...settled, sentences: ['group reports is stalled, as accepted by name'] };
    expect(checkGroups(reported)).toEqual({
      name: 'consumer groups',
      status: 'successful',
      message: '0 consumer groups go on; group reports is stalled, as accepted by name',
    });
  });

  it('names every group that holds it as what may be accepted', () => {
    const held = {
      ...settled,
      settled: false,
      stalled: ['a'],
      growing: ['b'],
      rising: ['c'],
      waiting: ['d'],
      notMeasured: ['e'],
    };
    const check = checkGroups(held);
    expect(check.status).toBe('failed');
    expect(acceptableOf(verdictOf([check, check]))).toEqual(['group:a', 'group:b', 'group:c', 'group:d', 'group:e']);
    expect(checkGroups({ ...held, stalled: [], growing: [] }).status).toBe('inconclusive');
  });

  it('offers nothing where the groups could not be looked at', () => {
    expect(checkGroups({ ...settled, settled: false, sentences: ['not looked at'] })).not.toHaveProperty('acceptable');
  });

  it('offers what a person can read', () => {
    const stalled = Array.from({ length: 500 }, (_, index) => `g${index}`);
    expect(acceptableOf(verdictOf([checkGroups({ ...settled, settled: false, stalled })]))).toHaveLength(50);
  });
});

it('a group and a topic of the same name are told apart', () => {
  expect(acceptedGroups(['reports', groupAcceptance('reports'), 'group:', groupAcceptance('group:x')])).toEqual([
    'reports',
    '',
    'group:x',
  ]);
});
