import fc from 'fast-check';
import { shellAssignments, shellQuote } from '../../src/ssh/shell-quote';
import { runShell } from '../support/local-shell';

const nasty = [
  '',
  ' ',
  "'",
  '"',
  '\\',
  '$HOME',
  '`id`',
  '$(id)',
  '\n',
  '\t',
  '*',
  '~',
  '!x',
  '-n',
  '%s',
  'ü',
  "a'b'c",
  "''",
];

describe('shellQuote', () => {
  it.each(['sh', 'bash'])('gives %s exactly the value, one word', async (shell) => {
    const anyText = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    const words = [
      ...nasty,
      ...fc.sample(anyText, 200),
      ...fc.sample(fc.array(fc.constantFrom(...nasty)), 100).map((parts) => parts.join('')),
    ];
    const script = `set -- ${words.map(shellQuote).join(' ')}\nfor word; do printf '%s\\001' "$word"; done\n`;
    const { stdout, stderr } = await runShell(script, [shell, '-s']);
    expect(stderr).toBe('');
    expect(stdout.split('\u0001').slice(0, -1)).toEqual(words);
  });

  it('refuses a NUL byte, which no program can be given', () => {
    expect(() => shellQuote('a\0b')).toThrow('NUL');
  });
});

describe('shellAssignments', () => {
  it('sets each variable to exactly its value', async () => {
    const script = `${shellAssignments({ one: "it's $HOME\n", two: 2 })}\nprintf '%s|%s' "$one" "$two"`;
    expect((await runShell(script)).stdout).toBe("it's $HOME\n|2");
  });
});
