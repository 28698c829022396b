import { backupsView, differenceView } from '../../src/render/backups-view';
import { plain } from '../../src/render/style';

const options = { style: plain, width: 100 };
const address = 'kafka@10.0.0.2:22';
const dateMs = Date.UTC(2026, 10, 24, 12, 26, 57);
const backup = { label: 'run-1', dateMs, sha256: 'a'.repeat(64), intact: true };

describe('backupsView', () => {
  it('shows date, label and checksum, and which one the file is', () => {
    const damaged = { ...backup, label: 'run-0', sha256: 'b'.repeat(64), intact: false };
    const lines = backupsView({ address, backups: [backup, damaged], currentSha256: backup.sha256 }, options).split(
      '\n',
    );
    expect(lines[2]).toMatch(/^ {2}2026-11-24 12:26:57 UTC +run-1 +a{16}… +the file now$/);
    expect(lines[3]).toMatch(/run-0 +b{16}… +DAMAGED/);
  });

  it('says so when there is none', () => {
    expect(backupsView({ address, backups: [], currentSha256: null }, options)).toContain('There is no backup');
  });
});

describe('differenceView', () => {
  it('shows the diff and the warnings', () => {
    const difference = { diff: '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a=1\n+a=2\n', warnings: ['Beware.'] };
    expect(differenceView({ address, backup, difference }, options)).toBe(
      [
        'Backup run-1 of 2026-11-24 12:26:57 UTC on kafka@10.0.0.2:22',
        '    --- a/x',
        '    +++ b/x',
        '    @@ -1 +1 @@',
        '    -a=1',
        '    +a=2',
        '  ! Beware.',
      ].join('\n'),
    );
  });

  it('shows no diff where there is none', () => {
    expect(differenceView({ address, backup, difference: { diff: null, warnings: [] } }, options)).not.toContain('\n');
  });
});
