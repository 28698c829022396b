import fc from 'fast-check';
import { findBackup, ownLabel, restoreDifference } from '../../../src/domain/settings/backup';
import type { PropertiesBackup } from '../../../src/domain/settings/backup';

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

  it.each<[string, PropertiesBackup[], string]>([
    ['none has the label', backups, 'run-9'],
    ['there is none', [], 'latest'],
    ["only a restore's own are there", [backup(own)], 'latest'],
    ['the only one is damaged', [backup('run-3', { intact: false })], 'latest'],
    ['the label is only the start of one', backups, 'run'],
  ])('may not be there: %s', (_why, given, name) => {
    expect(findBackup(given, name)).toBeNull();
  });

  it('is a damaged one when it is named: the caller says so', () => {
    expect(findBackup(backups, 'run-3')).toMatchObject({ label: 'run-3', intact: false });
  });

  it.each([
    ['2026-11-24T12:26:57.123Z', 'before-restore-20261124T122657123Z'],
    ['2027-01-01T00:00:00.000Z', 'before-restore-20270101T000000000Z'],
  ])('made by a restore at %s is labelled %s, which is a name of a file', (time, label) => {
    expect(ownLabel(time)).toBe(label);
  });

  it('property: latest is never damaged and never that of a restore', () => {
    const anyBackup = fc.record({ own: fc.boolean(), intact: fc.boolean() });
    fc.assert(
      fc.property(fc.array(anyBackup, { maxLength: 6 }), (found) => {
        const given = found.map((each, index) => backup(each.own ? own : `run-${index}`, { intact: each.intact }));
        const newest = found.findIndex((each) => !each.own && each.intact);
        expect(findBackup(given, 'latest')?.label ?? null).toBe(newest < 0 ? null : `run-${newest}`);
      }),
    );
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
    ['3.7', null, "is not set in the backup: the broker would speak its own release's, now it is 3.7"],
    ['3.7', '3.8', 'is 3.8 in the backup, now it is 3.7'],
    ['3.8', '3.7', 'is 3.7 in the backup, now it is 3.8'],
    [null, '3.7', 'is 3.7 in the backup, now it is not set'],
  ])('warns of a protocol that moves: %s to %s', (now, then, words) => {
    const file = (level: string | null) => (level === null ? 'a=1\n' : `inter.broker.protocol.version=${level}\n`);
    expect(restoreDifference(file(now), file(then), path).warnings).toEqual([
      `inter.broker.protocol.version ${words}. A broker that once speaks a newer protocol cannot go back to old binaries.`,
    ]);
  });

  it.each([['3.7'], [null]])('does not speak of a protocol that stays: %s', (level) => {
    const line = level === null ? '' : `inter.broker.protocol.version=${level}\n`;
    expect(restoreDifference(`${line}a=1\n`, `${line}a=2\n`, path).warnings).toEqual([]);
  });

  it('tells of a protocol that moves and of secrets that differ at once', () => {
    const { warnings } = restoreDifference(
      'ssl.key.password=a\ninter.broker.protocol.version=3.7\n',
      'ssl.key.password=b\ninter.broker.protocol.version=3.8\n',
      path,
    );
    expect(warnings).toHaveLength(1);
  });

  it('is not shown where a file cannot be read, because its secrets cannot be found', () => {
    const broken = 'ssl.key.password=\\uXY\n';
    for (const [now, then] of [
      [broken, 'a=1\n'],
      ['a=1\n', broken],
    ] as const) {
      const { diff, warnings } = restoreDifference(now, then, path);
      expect(diff).toBeNull();
      expect(warnings).toEqual([expect.stringMatching(/^No difference can be shown: .*malformed/)]);
      expect(warnings.join()).not.toContain('ssl.key.password=');
    }
  });

  it('property: is empty exactly for what a reader cannot tell apart, and never shows a secret', () => {
    const secret = fc.stringMatching(/^[A-Z]{8}$/);
    const plain = fc.constantFrom('1', '2');
    fc.assert(
      fc.property(secret, secret, plain, plain, (now, then, a, b) => {
        const file = (password: string, value: string) => `ssl.key.password=${password}\na=${value}\n`;
        const { diff, warnings } = restoreDifference(file(now, a), file(then, b), path);
        expect(diff).not.toContain(now);
        expect(diff).not.toContain(then);
        expect(diff === '').toBe(a === b);
        expect(warnings.length > 0).toBe(a === b && now !== then);
      }),
    );
  });
});
