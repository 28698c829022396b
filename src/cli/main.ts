#!/usr/bin/env node
import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { processTerminal } from '../terminal/terminal';
import { errorLines } from './error-lines';
import { exitCodeOf, exitCodes } from './exit-codes';
import { errorDocument, printJson } from './json';
import { buildProgram } from './program';

/** Errors of the command line come back as exceptions, so that they get our exit code. */
const overrideExit = (command: Command): void => {
  command.exitOverride();
  command.commands.forEach(overrideExit);
};

const run = async (argv: string[]): Promise<number> => {
  const terminal = processTerminal();
  let exitCode: number = exitCodes.ok;
  const program = buildProgram({
    terminal,
    finish: (code) => {
      exitCode = code;
    },
  });
  overrideExit(program);
  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    if (argv.includes('--json')) printJson(terminal, errorDocument(error));
    // The parser has told its own errors already.
    else if (!(error instanceof CommanderError)) terminal.err(errorLines(error, argv.includes('--debug')));
    return exitCodeOf(error);
  }
};

void run(process.argv).then((exitCode) => {
  process.exitCode = exitCode;
});
