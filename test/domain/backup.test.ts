import { findBackup, ownLabel, restoreDifference } from '../../src/domain/backup';
import type { PropertiesBackup } from '../../src/domain/backup';

const backup = (label: string, overrides: Partial<PropertiesBackup> = {}): PropertiesBackup => ({
  label,
  dateMs: 0,
  sha256: 'a',
  intact: true,
  ...overrides,
});

describe('the backup that is meant', () => {
  const own = ownLabel('2026-11-24T12:26:57.123Z');
  const backups = [backup(own), backup('run-3', { intact: false }), backup('run-2'), backup('run-1')];

  it('is the newest whole one of an upgrade: a second latest does not undo the first', () => {
    expect(own).toBe('before-restore-20261124T122657123Z');
    expect(findBackup(backups, 'latest')?.label).toBe('run-2');
  });

  it("is the one with that label, a restore's own as well", () => {
    expect(findBackup(backups, 'run-1')?.label).toBe('run-1');
    expect(findBackup(backups, own)?.label).toBe(own);
  });

  it('may not be there', () => {
    expect(findBackup(backups, 'run-9')).toBeNull();
    expect(findBackup([backup(own)], 'latest')).toBeNull();
  });
});

describe('what a restore would change', () => {
  const path = '/etc/kafka/server.properties';

  it('is a diff from the file to the backup, without secrets', () => {
    const { diff, warnings } = restoreDifference(
      'a=1\nssl.key.password=new-one\n',
      'a=2\nssl.key.password=old-one\n',
      path,
    );
    expect(diff).toContain('-a=1\n+a=2\n');
    expect(diff).not.toMatch(/new-one|old-one/);
    expect(warnings).toEqual([]);
  });

  it('is told when only secrets differ', () => {
    expect(restoreDifference('ssl.key.password=a\n', 'ssl.key.password=b\n', path)).toEqual({
      diff: '',
      warnings: ['Only values that are masked differ.'],
    });
  });

  it('is nothing for the same content', () => {
    expect(restoreDifference('a=1\n', 'a=1\n', path)).toEqual({ diff: '', warnings: [] });
  });

  it.each([
    ['a=1\n', 'is not set in the backup'],
    ['inter.broker.protocol.version=3.8\n', 'is 3.8 in the backup'],
  ])('warns of a level that moves (%j)', (text, words) => {
    const { warnings } = restoreDifference('inter.broker.protocol.version=3.7\n', text, path);
    expect(warnings).toEqual([expect.stringContaining(words)]);
    expect(restoreDifference(text, 'inter.broker.protocol.version=3.9\n', path).warnings).toHaveLength(1);
  });

  it('is not shown where a file cannot be read, because its secrets cannot be found', () => {
    const { diff, warnings } = restoreDifference('ssl.key.password=\\uXY\n', 'a=1\n', path);
    expect(diff).toBeNull();
    expect(warnings).toEqual([expect.stringContaining('malformed')]);
  });
});
