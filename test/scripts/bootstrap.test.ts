import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

const bootstrap = join(__dirname, '..', '..', 'scripts', 'bootstrap.mjs');

const start = (args: string[]): ChildProcessByStdio<null, Readable, Readable> =>
  spawn(process.execPath, [bootstrap, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

const text = async (stream: Readable): Promise<string> => Buffer.concat(await stream.toArray()).toString();

describe('bootstrap', () => {
  it('gives the command its arguments as they are, and ends with its exit code', async () => {
    const program = 'console.log(JSON.stringify(process.argv.slice(1))); process.exit(3)';
    const child = start(['--', 'node', '-e', program, '--', 'a b', '--build']);
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(JSON.parse(output)).toEqual(['a b', '--build']);
    expect(code).toBe(3);
  });

  it('passes a signal on, and ends by it when the command does', async () => {
    const child = start(['--', 'node', '-e', 'console.log("up"); setInterval(() => {}, 1000)']);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
  });

  it('finds the tools of the repository by name', async () => {
    const child = start(['--', 'tsc', '--version']);
    expect(await text(child.stdout)).toMatch(/^Version \d/);
  });

  it('refuses an option that it does not know', async () => {
    const child = start(['--biuld', '--', 'node', '--version']);
    const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(errors).toContain('Unknown option --biuld');
    expect(code).toBe(1);
  });

  it('says what is missing when the command does not exist', async () => {
    const child = start(['--', 'no-such-program']);
    const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(errors).toContain('no-such-program cannot be run');
    expect(code).toBe(1);
  });
});
