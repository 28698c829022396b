import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandRequest } from '../../../src/lab/provision/run-command';
import { ensureTemporalCli, type CliSources } from '../../../src/lab/provision/temporal-cli';
import { useCacheIn, useTemporaryDirectory } from '../../support/temporary-directory';

const directory = useTemporaryDirectory();
useCacheIn(directory);

const lines: string[] = [];
const log = (line: string): void => {
  lines.push(line);
};
beforeEach(() => lines.splice(0));

/** A machine with `go`, without `temporal`; the SDK's download is the only command that is node itself. */
const machine = (run: (request: CommandRequest) => Promise<string>): CliSources => ({
  find: () => Promise.resolve(undefined),
  ensureGo: () => Promise.resolve('/go/bin/go'),
  run,
});

const isDownload = (request: CommandRequest): boolean => request.command === process.execPath;

const buildOnly = async (request: CommandRequest): Promise<string> => {
  if (isDownload(request)) throw new Error('`node`: exit status 1\nname or service not known');
  request.onElapsed?.(15);
  await writeFile(join(request.env?.['GOBIN'] ?? '', 'temporal'), 'built');
  return '';
};

describe('ensureTemporalCli', () => {
  it('prefers the program that is on the PATH', async () => {
    const sources = { ...machine(buildOnly), find: () => Promise.resolve('/usr/bin/temporal') };
    await expect(ensureTemporalCli({ log }, sources)).resolves.toEqual({ path: '/usr/bin/temporal', source: 'PATH' });
    expect(lines).toEqual([]);
  });

  it('takes the download of the SDK where it works', async () => {
    const run = async (request: CommandRequest): Promise<string> => {
      await writeFile(join(request.args.at(-1) ?? '', 'temporal-default-1'), 'downloaded');
      return '';
    };
    const path = join(directory(), 'temporal/cli/temporal');
    await expect(ensureTemporalCli({ log }, machine(run))).resolves.toEqual({ path, source: 'download' });
  });

  it('builds it otherwise, says that this takes minutes and that it is still at it', async () => {
    const path = join(directory(), 'temporal/cli/temporal');
    await expect(ensureTemporalCli({ log }, machine(buildOnly))).resolves.toEqual({ path, source: 'build' });
    expect(lines).toEqual([
      'Temporal CLI: not on the PATH; trying the download of the Temporal SDK',
      'Temporal CLI: no download here (name or service not known)',
      expect.stringContaining('this takes some minutes, but only once'),
      'Temporal CLI: still building (15 s)',
    ]);
  });

  it('does either only once', async () => {
    await ensureTemporalCli({ log }, machine(buildOnly));
    const never = machine(() => Promise.reject(new Error('must not run')));
    await expect(ensureTemporalCli({ log }, never)).resolves.toMatchObject({ source: 'cache' });
  });

  it('names the ways out when nothing works', async () => {
    const nothing = machine(() => Promise.reject(new Error('no network')));
    await expect(ensureTemporalCli({ log }, nothing)).rejects.toThrow(
      /Install the Temporal CLI, or set TEMPORAL_ADDRESS to a running server. Last error: no network/,
    );
  });
});
