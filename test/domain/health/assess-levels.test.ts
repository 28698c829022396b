import { checkLevels, forbiddenByLevels, withLevels } from '../../../src/domain/health/assess-levels';
import type { LevelsRead } from '../../../src/domain/health/assess-levels';
import { successful, verdictOf } from '../../../src/domain/health/gate';

const read = (levels: [feature: string, level: string, where: string][], unread: string[] = []): LevelsRead => ({
  levels: levels.map(([feature, level, where]) => ({ feature, level, where })),
  unread,
});

const protocol = 'inter.broker.protocol.version';
const known = read([[protocol, '3.7-IV4', 'broker 1']]);
const beyond = read([
  [protocol, '3.8-IV0', 'broker 1'],
  [protocol, '3.8-IV0', 'broker 2'],
]);

describe('the levels in force', () => {
  it('allow an older release that knows them all, and are told', () => {
    expect(checkLevels(known, '3.7.2')).toEqual({
      name: 'levels in force',
      status: 'successful',
      message: `3.7.2 knows every level in force: ${protocol} 3.7-IV4 (broker 1)`,
    });
  });

  it('forbid one that does not: which level, read from whom, and what it knows', () => {
    expect(checkLevels(beyond, '3.7.2')).toMatchObject({
      status: 'failed',
      message: `${protocol} is 3.8-IV0 (read from broker 1, broker 2), and 3.7.2 knows none after 3.7`,
    });
  });

  it('are never well while one of them cannot be read; one that was read and forbids is said first', () => {
    const silent = ['broker 3 runs, but does not tell'];
    expect(checkLevels({ ...known, unread: silent }, '3.7.2')).toMatchObject({
      status: 'inconclusive',
      message: 'the levels in force cannot be read: broker 3 runs, but does not tell',
    });
    expect(checkLevels({ ...beyond, unread: silent }, '3.7.2').status).toBe('failed');
    const many = checkLevels({ ...known, unread: ['a', 'b', 'c', 'd', 'e'] }, '3.7.2');
    expect(many.message).toBe('the levels in force cannot be read: a; b; c; and 2 more');
  });
});

describe('a gate with the levels', () => {
  const open = verdictOf([successful('cluster', 'all is well')]);

  it('stays open under levels that are known, and tells both', () => {
    const verdict = withLevels(open, checkLevels(known, '3.7.2'));
    expect(verdict.status).toBe('successful');
    expect(verdict.message).toMatch(/^all is well; 3\.7\.2 knows every level/);
    expect(verdict.checks).toHaveLength(2);
    expect(forbiddenByLevels(verdict)).toBe(false);
  });

  it('is closed by a level for good, by one that cannot be read for now', () => {
    const closed = withLevels(open, checkLevels(beyond, '3.7.2'));
    expect(closed.status).toBe('failed');
    expect(closed.message).toMatch(/^inter\.broker\.protocol\.version is 3\.8-IV0/);
    expect(forbiddenByLevels(closed)).toBe(true);
    const unread = withLevels(open, checkLevels(read([], ['nobody answers']), '3.7.2'));
    expect(unread.status).toBe('inconclusive');
    expect(forbiddenByLevels(unread)).toBe(false);
  });
});
