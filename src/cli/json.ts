/** What programs read: one JSON object on the standard output, whose keys say what is in it. docs/cli.md lists them. */
import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { messageOf } from '../domain/common/message-of';
import type { Terminal } from '../terminal/terminal';
import { silentTerminal } from '../terminal/silent-terminal';
import { hintOf } from './error-lines';
import { errorKindOf } from './exit-codes';
import type { ErrorKind } from './exit-codes';

/** Of every command that talks to an upgrade. */
export interface JsonFlags {
  json?: boolean;
}

/** Adds `--json`. */
export const withJson = (command: Command): Command =>
  command.option('--json', 'print one JSON document, errors too (docs/cli.md)');

/** Prints one document. */
export const printJson = (terminal: Pick<Terminal, 'out'>, document: object): void =>
  terminal.out(JSON.stringify(document, null, 2));

/** Where a command that waits tells its progress: with `--json` the standard output is kept for the document. */
export const progressTerminal = (terminal: Terminal, { json }: JsonFlags): Terminal =>
  json === true ? { ...silentTerminal, out: terminal.err, err: terminal.err, view: terminal.view } : terminal;

/** An error as a program reads it; `kind` goes with the exit code. */
export interface ErrorDocument {
  error: { kind: ErrorKind; message: string; hint: string };
}

/** The document of an error. */
export const errorDocument = (error: unknown): ErrorDocument => {
  const kind = errorKindOf(error);
  return error instanceof CommanderError
    ? {
        error: {
          kind,
          message: error.message.replace(/^error: /, ''),
          hint: 'Add --help for the options and examples.',
        },
      }
    : { error: { kind, message: messageOf(error), hint: hintOf(error) } };
};
