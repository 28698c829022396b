import {
  commandFailure,
  requireEnded,
  requireSuccess,
  shortenCommand,
  type CommandResult,
} from '../../src/ssh/command-result';

const result = (overrides: Partial<CommandResult> = {}): CommandResult => ({
  host: 'kafka@b1:22',
  command: 'looking',
  exitCode: 0,
  signal: null,
  timedOut: false,
  isCanceled: false,
  stdout: '',
  stderr: '',
  durationMs: 1_500,
  ...overrides,
});

describe('a command result', () => {
  it('says what was tried, where, how it ended and what it said', () => {
    const failed = commandFailure(result({ exitCode: 2, stderr: 'no such\n  file\n' }));
    expect(failed.type).toBe('CommandFailed');
    expect(failed.message).toBe('looking on kafka@b1:22 ended with exit code 2. It said: no such | file');
    const killed = commandFailure(result({ exitCode: null, signal: 'SIGKILL' }));
    expect(killed.message).toBe('looking on kafka@b1:22 was ended by signal SIGKILL. It said nothing.');
  });

  it('is a time-out when it was one', () => {
    const error = commandFailure(result({ exitCode: null, timedOut: true, stdout: 'half' }));
    expect(error.type).toBe('CommandTimedOut');
    expect(error.message).toBe('looking on kafka@b1:22 was given up after 1.5 s. It said: half');
  });

  it('stays a cancellation with the reason of who cancelled', () => {
    const reason = new Error('the activity was cancelled');
    const signal = AbortSignal.abort(reason);
    expect(() => requireEnded(result({ exitCode: null, isCanceled: true }), signal)).toThrow(reason);
  });

  it('is passed on when it ended, and when it succeeded', () => {
    expect(requireEnded(result({ exitCode: 3 })).exitCode).toBe(3);
    expect(() => requireSuccess(result({ exitCode: 3 }))).toThrow('exit code 3');
    expect(requireSuccess(result({ stdout: 'x' })).stdout).toBe('x');
  });

  it('names long commands shortly, on one line', () => {
    expect(shortenCommand('a\n  b')).toBe('a b');
    expect(shortenCommand('x'.repeat(500))).toHaveLength(120);
  });
});
