import { CommanderError } from 'commander';
import { errorDocument, progressTerminal } from '../../src/cli/json';
import { reportAnswer } from '../../src/cli/commands/message-options';
import { ClientError } from '../../src/client/client-error';
import { UpgradeError } from '../../src/domain/common/failure';
import { silentTerminal } from '../../src/terminal/silent-terminal';

describe('errorDocument', () => {
  it('has the kind, what was seen, and what to do next', () => {
    const error = new ClientError('not-found', 'There is none.', { hint: 'Start one.' });
    expect(errorDocument(error)).toEqual({
      error: { kind: 'not-found', message: 'There is none.', hint: 'Start one.' },
    });
  });

  it('takes the parser and what the operator wrote as invalid', () => {
    const parser = new CommanderError(1, 'commander.unknownOption', "error: unknown option '--wacth'");
    expect(errorDocument(parser).error).toMatchObject({ kind: 'invalid', message: "unknown option '--wacth'" });
    expect(errorDocument(new UpgradeError('UnknownCluster', 'x')).error.kind).toBe('invalid');
  });

  it('calls everything else failed', () => {
    expect(errorDocument(new UpgradeError('SshUnreachable', 'x')).error.kind).toBe('failed');
    expect(errorDocument(new Error('x')).error).toEqual({ kind: 'failed', message: 'x', hint: '' });
  });
});

describe('the answer to a message', () => {
  const report = (accepted: boolean): unknown => {
    const out: string[] = [];
    const codes: number[] = [];
    const terminal = { ...silentTerminal, out: (text: string) => void out.push(text) };
    const result = { accepted, answer: 'well', by: 'update' } as const;
    reportAnswer({ kind: 'pause', result }, { json: true }, { terminal, finish: (code) => void codes.push(code) });
    return [JSON.parse(out.join('')), ...codes];
  };

  it('is a document', () => {
    expect(report(true)).toEqual([{ message: { kind: 'pause', accepted: true, answer: 'well', sentAs: 'update' } }, 0]);
  });

  it('is an error when it was refused', () => {
    expect(report(false)).toEqual([{ error: { kind: 'refused', message: 'well', hint: '' } }, 1]);
  });
});

describe('progressTerminal', () => {
  it('keeps the standard output for the document', () => {
    const told: string[] = [];
    const terminal = { ...silentTerminal, drawable: true, err: (text: string) => void told.push(text) };
    progressTerminal(terminal, { json: true }).out('broker 1: starting');
    expect(told).toEqual(['broker 1: starting']);
    expect(progressTerminal(terminal, { json: true }).drawable).toBe(false);
    expect(progressTerminal(terminal, {})).toBe(terminal);
  });
});
