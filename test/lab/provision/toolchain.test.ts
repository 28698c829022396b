import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandRequest } from '../../../src/lab/provision/run-command';
import { ensureTool } from '../../../src/lab/provision/toolchain';
import { useTemporaryDirectory } from '../../support/temporary-directory';

const directory = useTemporaryDirectory();
const log = (): void => undefined;

function addProgram(name: string): string {
  const file = join(directory(), 'bin', name);
  mkdirSync(join(directory(), 'bin'), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 });
  return file;
}

const searchPath = (): string[] => [join(directory(), 'bin')];

describe('ensureTool', () => {
  it('answers where the program is', async () => {
    const java = addProgram('java');
    await expect(ensureTool('java', { log, searchPath: searchPath() })).resolves.toBe(java);
  });

  it('does not take a file that cannot be executed', async () => {
    addProgram('apt-get');
    writeFileSync(join(directory(), 'bin', 'java'), '', { mode: 0o644 });
    await expect(ensureTool('java', { log, searchPath: searchPath(), isRoot: false })).rejects.toThrow('is missing');
  });

  it.each([
    ['apt-get', 'sudo apt-get install -y --no-install-recommends openssh-server'],
    ['dnf', 'sudo dnf install -y openssh-server'],
    ['apk', 'sudo apk add openssh-server'],
  ])('tells a user without root the command for %s, in one line', async (manager, command) => {
    addProgram(manager);
    const missing = ensureTool('sshd', { log, searchPath: searchPath(), isRoot: false });
    await expect(missing).rejects.toThrow(new Error(`\`sshd\` is missing; install it with: ${command}`));
  });

  it('says that it cannot help without a package manager', async () => {
    const missing = ensureTool('go', { log, searchPath: searchPath(), isRoot: true });
    await expect(missing).rejects.toThrow('neither apt-get, dnf nor apk is here');
  });

  it('installs as root, says so, and reads the package lists first when that is needed', async () => {
    const manager = addProgram('apt-get');
    const commands: string[] = [];
    const lines: string[] = [];
    const run = (request: CommandRequest): Promise<string> => {
      commands.push([request.command, ...request.args].join(' '));
      if (commands.length === 1) return Promise.reject(new Error('Unable to locate package'));
      if (commands.length === 3) addProgram('mvn');
      return Promise.resolve('');
    };
    await ensureTool('mvn', { log: (line) => lines.push(line), searchPath: searchPath(), isRoot: true, run });
    const install = `${manager} install -y --no-install-recommends maven`;
    expect(commands).toEqual([install, `${manager} update -qq`, install]);
    expect(lines).toEqual(['mvn is missing; installing it: apt-get install -y --no-install-recommends maven']);
  });

  it('does not believe an installation that brought nothing', async () => {
    addProgram('dnf');
    const run = (): Promise<string> => Promise.resolve('');
    const missing = ensureTool('pgrep', { log, searchPath: searchPath(), isRoot: true, run });
    await expect(missing).rejects.toThrow('succeeded, but there is still no `pgrep`');
  });
});
