import type { Command } from 'commander';
import { answerOf } from '../../src/cli/commands/message-options';
import type { MessageFlags } from '../../src/cli/commands/message-options';
import { buildProgram } from '../../src/cli/program';
import { answerPayload } from '../../src/client/gate-answer';
import { messageKinds, parsePayload } from '../../src/domain/people/message';
import { commandOf } from '../../src/render/answer-commands';
import { silentTerminal } from '../../src/terminal/silent-terminal';

/** One command of the program, whose own action is left out: what it reads from the command line is looked at. */
const command = (name: string): Command => {
  const program = buildProgram({ terminal: silentTerminal, finish: () => undefined });
  const found = program.commands.find((candidate) => candidate.name() === name);
  if (found === undefined) throw new Error(`There is no command ${name}.`);
  return found.action(() => undefined).exitOverride();
};

/** What the upgrade reads from the message of these options. */
const received = (name: string, ...args: string[]): ReturnType<typeof parsePayload> =>
  parsePayload(answerPayload(answerOf(command(name).parse(args, { from: 'user' }).opts<MessageFlags>())));

const program = buildProgram({ terminal: silentTerminal, finish: () => undefined });

describe('the program', () => {
  it('has a command for every message', () => {
    const names = program.commands.map((found) => found.name());
    expect(names).toEqual(expect.arrayContaining(messageKinds.map(commandOf)));
  });

  it('speaks JSON wherever it talks to an upgrade', () => {
    const without = program.commands
      .filter(({ options }) => !options.some(({ long }) => long === '--json'))
      .map((found) => found.name());
    expect(without).toEqual(['worker', 'lab']);
  });
});

describe('list', () => {
  it.each([
    ['--limit', '0'],
    ['--limit', 'ten'],
    ['--all', '--running'],
  ])('refuses %s %s', (...args) => {
    const list = command('list').configureOutput({ writeErr: () => undefined });
    expect(() => list.parse(args, { from: 'user' })).toThrow(/number from 1 on|cannot be used with/);
  });
});

describe('confirm-dr', () => {
  it('says who confirms it, and how they know', () => {
    const message = received('confirm-dr', 'orders', '--by', 'jane', '--comment', 'restore test of Monday');
    expect(message).toMatchObject({ by: 'jane', comment: 'restore test of Monday' });
  });
});

describe('retry and resume', () => {
  it.each([
    ['retry', '--park', '3', { park: 3, pause: null }],
    ['resume', '--park', '3', { park: 3, pause: null }],
    ['resume', '--pause', '2', { park: null, pause: 2 }],
    ['approve', '--park', '3', { park: 3, pause: null }],
  ])('%s takes %s %s', (name, flag, value, expected) => {
    expect(received(name, 'orders', flag, value)).toMatchObject(expected);
  });

  it.each(['0', 'three', '-1', '1.5'])('refuse park %s', (value) => {
    const retry = command('retry').configureOutput({ writeErr: () => undefined });
    expect(() => retry.parse(['orders', '--park', value], { from: 'user' })).toThrow(/number from 1 on/);
  });
});

describe('rollback', () => {
  it('leaves features alone unless told otherwise', () => {
    expect(received('rollback', 'orders', '--comment', 'lag').downgrade).toBe(false);
  });

  it('says with --downgrade that features are lowered first, and why', () => {
    const message = received('rollback', 'orders', '--downgrade', '--comment', 'transactions fail', '--by', 'kim');
    expect(message).toMatchObject({ downgrade: true, comment: 'transactions fail', by: 'kim' });
  });

  it('is the only message with that option', () => {
    const withIt = buildProgram({ terminal: silentTerminal, finish: () => undefined })
      .commands.filter(({ options }) => options.some(({ long }) => long === '--downgrade'))
      .map((found) => found.name());
    expect(withIt).toEqual(['rollback']);
  });
});

describe('plan', () => {
  it('prints as JSON or as Markdown, not as both', () => {
    const plan = command('plan').configureOutput({ writeErr: () => undefined });
    const both = ['orders', '3.8.1', '--json', '--markdown'];
    expect(() => plan.parse(both, { from: 'user' })).toThrow("option '--json' cannot be used with option '--markdown'");
    expect(command('plan').parse(['orders', '--markdown'], { from: 'user' }).opts()).toMatchObject({ markdown: true });
  });
});

describe('approve', () => {
  it.each(['plan', 'canary', 'protocol', 'eligible.leader.replicas.version', 'kraft.version'])(
    'takes gate %s as it is written',
    (gate) => {
      expect(received('approve', 'orders', '--gate', gate).gate).toBe(gate);
    },
  );

  it('collects what is accepted by name', () => {
    expect(received('approve', 'orders', '--accept', 'audit-*', '--accept', 'controller-quorum').accept).toEqual([
      'audit-*',
      'controller-quorum',
    ]);
  });
});
