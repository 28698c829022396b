import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureGo } from '../../../src/lab/provision/go-toolchain';
import type { CommandRequest } from '../../../src/lab/provision/run-command';
import { useTemporaryDirectory } from '../../support/temporary-directory';

const directory = useTemporaryDirectory();
const lines: string[] = [];
const log = (line: string): void => {
  lines.push(line);
};
beforeEach(() => lines.splice(0));

describe('ensureGo', () => {
  it('is content with a go that fetches newer toolchains by itself', async () => {
    const run = (): Promise<string> => Promise.resolve('go1.21.0\n');
    await expect(ensureGo({ log, go: '/usr/bin/go', run })).resolves.toBe('/usr/bin/go');
    expect(lines).toEqual([]);
  });

  it('lets an older one fetch a toolchain, and makes its programs executable', async () => {
    for (const folder of ['bin', 'pkg/tool/linux_arm64']) {
      mkdirSync(join(directory(), folder), { recursive: true });
      writeFileSync(join(directory(), folder, 'go'), '', { mode: 0o444 });
    }
    const asked: string[] = [];
    const run = (request: CommandRequest): Promise<string> => {
      const command = request.args.join(' ');
      asked.push(command);
      if (command === 'env GOVERSION') return Promise.resolve('go1.19.8\n');
      if (command === 'env GOOS GOARCH') return Promise.resolve('linux\narm64\n');
      return Promise.resolve(JSON.stringify({ Dir: directory() }, null, 1));
    };
    const go = join(directory(), 'bin', 'go');
    await expect(ensureGo({ log, go: '/usr/bin/go', run })).resolves.toBe(go);
    expect(asked.at(-1)).toMatch(/^mod download -json golang\.org\/toolchain@v0\.0\.1-go[\d.]+\.linux-arm64$/);
    expect(statSync(go).mode & 0o111).toBe(0o111);
    expect(lines.join()).toContain('/usr/bin/go is go1.19.8, too old for this build');
  });
});
