import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildProgram } from '../../src/cli/program';
import { failures } from '../../src/domain/common/failure';
import { isMessageKind, messageKinds } from '../../src/domain/people/message';
import { silentTerminal } from '../../src/terminal/silent-terminal';
import { runbook, runbookCommands } from '../support/runbook';

/** The words of a command line as a shell splits them; the page quotes whole words only. */
const words = (line: string): string[] => [...line.matchAll(/'[^']*'|"[^"]*"|\S+/g)].map(([word]) => word);

const unquoted = (word: string): string => word.replace(/^(['"])(.*)\1$/, '$2');

const commandsOf = (program: string): string[][] =>
  runbookCommands()
    .filter((line) => line.startsWith(`${program} `))
    .map((line) => words(line).slice(1).map(unquoted));

describe('docs/operations.md', () => {
  it.each(commandsOf('kafka-upgrade').map((args) => [args.join(' '), args] as const))(
    'prints a command that is understood: kafka-upgrade %s',
    (_line, [name, ...args]) => {
      const program = buildProgram({ terminal: silentTerminal, finish: () => undefined });
      const command = program.commands.find((candidate) => candidate.name() === name);
      const parse = (): unknown =>
        command
          ?.action(() => undefined)
          .exitOverride()
          .parse(args, { from: 'user' });
      expect(parse()).toBeDefined();
    },
  );

  it.each(commandsOf('temporal').map((args) => [args.join(' '), args] as const))(
    'sends a message that exists, with JSON: temporal %s',
    (_line, args) => {
      const after = (flag: string): string | undefined => args[args.indexOf(flag) + 1];
      const isMessage = args.includes('signal') || args.includes('execute');
      expect(isMessageKind(after('--name') ?? '')).toBe(isMessage);
      expect(args.includes('--input') ? typeof JSON.parse(after('--input') ?? '') : 'object').toBe('object');
    },
  );

  it('shows every message that an operator may send', () => {
    for (const kind of messageKinds) expect(runbook()).toMatch(new RegExp(`\`${kind}\`|--name ${kind} `));
  });

  it('names failures that exist', () => {
    const named = [...runbook().matchAll(/`([A-Z][A-Za-z]+)`/g)].map(([, name = '']) => name);
    const attributes = ['KafkaCluster', 'UpgradePhase', 'UpgradeTarget', 'UpgradeAttention', 'R'];
    expect(named.filter((name) => !(name in failures) && !attributes.includes(name))).toEqual([]);
  });

  it('has the pictures that it shows', () => {
    const pictures = [...runbook().matchAll(/\]\((images\/[^)]+)\)/g)].map(([, file = '']) => file);
    expect(pictures.filter((file) => !existsSync(join(__dirname, '..', '..', 'docs', file)))).toEqual([]);
  });
});
