import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBrowser } from '../../../src/lab/provision/operator-tools';
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

describe('ensureBrowser', () => {
  it.each(['chromium', 'chromium-browser', 'google-chrome'])('takes a browser that is called %s', async (name) => {
    const browser = addProgram(name);
    await expect(ensureBrowser({ log, searchPath: searchPath(), isRoot: false })).resolves.toBe(browser);
  });

  it('says how to install one where it may not do so itself', async () => {
    addProgram('apt-get');
    const missing = ensureBrowser({ log, searchPath: searchPath(), isRoot: false });
    await expect(missing).rejects.toThrow(
      '`chromium` is missing; install it with: sudo apt-get install -y --no-install-recommends chromium',
    );
  });
});
