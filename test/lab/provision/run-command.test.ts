import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../src/lab/provision/run-command';
import { useTemporaryDirectory } from '../../support/temporary-directory';
import { until } from '../../support/until';

const directory = useTemporaryDirectory();

describe('runCommand', () => {
  it('answers standard output', async () => {
    const output = await runCommand({
      command: 'sh',
      args: ['-c', 'echo "$GREETING"; echo no >&2'],
      env: { GREETING: 'hi' },
      timeoutMs: 9_000,
    });
    expect(output).toBe('hi\n');
  });

  it('quotes command, exit status and output of a failure', async () => {
    const failing = runCommand({ command: 'sh', args: ['-c', 'echo broken >&2; exit 3'], timeoutMs: 9_000 });
    await expect(failing).rejects.toThrow('`sh -c echo broken >&2; exit 3`: exit status 3\nbroken');
  });

  it('says that a program is not there', async () => {
    const missing = runCommand({ command: '/nowhere/program', args: [], timeoutMs: 9_000 });
    await expect(missing).rejects.toThrow('/nowhere/program could not be run');
  });

  it('ends the whole process group at the time limit', async () => {
    const pidFile = join(directory(), 'pid');
    const script = `sleep 300 & echo $! > ${pidFile}; wait`;
    const slow = runCommand({ command: 'sh', args: ['-c', script], timeoutMs: 1_000 });
    await expect(slow).rejects.toThrow('did not finish within its time limit');
    const sleeper = readFileSync(pidFile, 'utf8').trim();
    await until('the sleeper is gone', () => !isRunning(sleeper));
    expect(isRunning(sleeper)).toBe(false);
  });
});

/** A killed process that its parent has not waited for yet is still listed, as a zombie. */
function isRunning(pid: string): boolean {
  const status = `/proc/${pid}/status`;
  return existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}
