import fc from 'fast-check';

import { unifiedDiff } from '../../../src/domain/settings/unified-diff';

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`);

const text = (lines: string[]): string => lines.map((line) => `${line}\n`).join('');

describe('unifiedDiff', () => {
  it('is empty for equal texts', () => {
    expect(unifiedDiff('a\n', 'a\n', 'x')).toBe('');
    expect(unifiedDiff('', '', 'x')).toBe('');
  });

  it('shows a changed line with three lines of context', () => {
    const before = numbered(1, 10);
    const after = before.map((line) => (line === 'line 5' ? 'other' : line));
    expect(unifiedDiff(text(before), text(after), 'server.properties')).toBe(
      [
        '--- a/server.properties',
        '+++ b/server.properties',
        '@@ -2,7 +2,7 @@',
        ' line 2',
        ' line 3',
        ' line 4',
        '-line 5',
        '+other',
        ' line 6',
        ' line 7',
        ' line 8',
        '',
      ].join('\n'),
    );
  });

  it('shows a line that is appended', () => {
    expect(unifiedDiff('a\n', 'a\nb\n', 'x')).toBe('--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n a\n+b\n');
  });

  it('shows a file that begins, and one that ends', () => {
    expect(unifiedDiff('', 'a\n', 'x')).toBe('--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a\n');
    expect(unifiedDiff('a\nb\n', '', 'x')).toBe('--- a/x\n+++ b/x\n@@ -1,2 +0,0 @@\n-a\n-b\n');
  });

  it('tells of a missing end of line', () => {
    expect(unifiedDiff('a', 'a\n', 'x')).toBe('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n');
  });

  it('tells another end of line apart', () => {
    expect(unifiedDiff('a\r\n', 'a\n', 'x')).toBe('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\r\n+a\n');
  });

  it('makes two hunks of changes far apart and one of near ones', () => {
    const before = numbered(1, 20);
    const change = (...lines: number[]): string =>
      text(before.map((line, index) => (lines.includes(index + 1) ? 'changed' : line)));
    const hunks = (after: string): number => unifiedDiff(text(before), after, 'x').split('\n@@').length - 1;
    expect(hunks(change(2, 19))).toBe(2);
    expect(hunks(change(2, 9))).toBe(1);
    expect(hunks(change(2, 10))).toBe(2);
  });
});

it('labels an absolute path as people know it from version control: one slash', () => {
  expect(unifiedDiff('a\n', 'b\n', '/etc/kafka/server.properties')).toBe(
    '--- a/etc/kafka/server.properties\n+++ b/etc/kafka/server.properties\n@@ -1 +1 @@\n-a\n+b\n',
  );
});

describe('unifiedDiff of any two texts', () => {
  const texts = fc.array(fc.constantFrom('a', 'b', 'c', '', 'key=value'), { maxLength: 14 }).map(text);

  /** Applies a diff as `patch` would, line numbers and all. */
  const patched = (before: string, diff: string): string => {
    const old = before.split('\n').slice(0, -1);
    const result: string[] = [];
    let at = 0;
    for (const line of diff.split('\n').slice(2, -1)) {
      const hunk = /^@@ -(?<start>\d+)(?:,(?<count>\d+))? \+/.exec(line)?.groups;
      if (hunk !== undefined) {
        const start = Number(hunk['start']) - (hunk['count'] === '0' ? 0 : 1);
        result.push(...old.slice(at, start));
        at = start;
      } else if (line.startsWith('+')) {
        result.push(line.slice(1));
      } else {
        expect(line.slice(1)).toBe(old[at++]);
        if (line.startsWith(' ')) result.push(line.slice(1));
      }
    }
    return text([...result, ...old.slice(at)]);
  };

  it('turns the one into the other', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        expect(patched(before, unifiedDiff(before, after, 'x'))).toBe(after);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is no longer than it has to be: a line that is only moved over is not shown twice', () => {
    fc.assert(
      fc.property(texts, fc.nat(), (before, position) => {
        const lines = before.split('\n').slice(0, -1);
        const at = position % (lines.length + 1);
        const after = text([...lines.slice(0, at), 'new', ...lines.slice(at)]);
        const changed = unifiedDiff(before, after, 'x')
          .split('\n')
          .slice(2)
          .filter((line) => /^[-+]/.test(line));
        expect(changed).toEqual(['+new']);
      }),
    );
  });
});

describe('unifiedDiff of settings', () => {
  const file = [
    'broker.id=1',
    'listeners=PLAINTEXT://:9092',
    'log.dirs=/data',
    'num.io.threads=8',
    'zookeeper.connect=zk',
  ];

  it.each<[string, string[], string]>([
    [
      'one that is changed',
      file.map((line) => line.replace('=8', '=16')),
      '@@ -1,5 +1,5 @@\n broker.id=1\n listeners=PLAINTEXT://:9092\n log.dirs=/data\n-num.io.threads=8\n+num.io.threads=16\n zookeeper.connect=zk\n',
    ],
    [
      'one that goes, at the top',
      file.slice(1),
      '@@ -1,4 +1,3 @@\n-broker.id=1\n listeners=PLAINTEXT://:9092\n log.dirs=/data\n num.io.threads=8\n',
    ],
    [
      'one that comes, at the end',
      [...file, 'inter.broker.protocol.version=3.7'],
      '@@ -3,3 +3,4 @@\n log.dirs=/data\n num.io.threads=8\n zookeeper.connect=zk\n+inter.broker.protocol.version=3.7\n',
    ],
    [
      'two that change places',
      ['broker.id=1', 'log.dirs=/data', 'listeners=PLAINTEXT://:9092', 'num.io.threads=8', 'zookeeper.connect=zk'],
      '@@ -1,5 +1,5 @@\n broker.id=1\n-listeners=PLAINTEXT://:9092\n log.dirs=/data\n+listeners=PLAINTEXT://:9092\n num.io.threads=8\n zookeeper.connect=zk\n',
    ],
  ])('shows %s', (_what, after, hunk) => {
    expect(unifiedDiff(text(file), text(after), 'etc/kafka/server.properties')).toBe(
      `--- a/etc/kafka/server.properties\n+++ b/etc/kafka/server.properties\n${hunk}`,
    );
  });

  it.each([
    ['both', 'a', 'b', '@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n'],
    ['the old one', 'a\nb', 'a\n', '@@ -1,2 +1 @@\n a\n-b\n\\ No newline at end of file\n'],
    ['the new one', 'a\n', 'a\nb', '@@ -1 +1,2 @@\n a\n+b\n\\ No newline at end of file\n'],
  ])('says that the last line has no end: %s', (_what, before, after, hunk) => {
    expect(unifiedDiff(before, after, 'x')).toBe(`--- a/x\n+++ b/x\n${hunk}`);
  });

  it('counts the lines of a later hunk in both files', () => {
    const before = numbered(1, 30);
    const after = ['new', ...before.filter((line) => line !== 'line 25')];
    expect(unifiedDiff(text(before), text(after), 'x').match(/^@@.*@@$/gm)).toEqual([
      '@@ -1,3 +1,4 @@',
      '@@ -22,7 +23,6 @@',
    ]);
  });
});

describe('unifiedDiff of texts with every kind of line end', () => {
  it('shows as removed and added what it takes to come from the one to the other', () => {
    const ends = fc.constantFrom('\n', '\r\n');
    const lines = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), ends), { maxLength: 8 });
    const texts = lines.map((all) => all.map(([line, end]) => line + end).join(''));
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const shown = unifiedDiff(before, after, 'x').split('\n').slice(2, -1);
        const counted = (sign: string): number => shown.filter((line) => line.startsWith(sign)).length;
        const linesIn = (any: string): number => any.split('\n').length - 1;
        expect(linesIn(after) - linesIn(before)).toBe(counted('+') - counted('-'));
        expect(shown.length === 0).toBe(before === after);
      }),
    );
  });
});
