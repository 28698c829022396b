import { chmod, copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureCached, type ProvisionLog } from './cache';
import { ensureGo } from './go-toolchain';
import { runCommand, type RunCommand } from './run-command';
import { findProgram } from './toolchain';
import { messageOf } from '../../domain/common/message-of';

/** The newest CLI release that `go install` accepts: later ones have a `replace` in their go.mod. */
const cliModule = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
/** Raise it when another CLI release is wanted. */
const cliRevision = 1;
/** The SDK's download is some 60 MB; where its site cannot be reached it fails within seconds. */
const downloadLimitMs = 2 * 60_000;
/** 4 minutes were measured on two cores. */
const buildLimitMs = 45 * 60_000;

/** The `temporal` program and where it came from this time. */
export interface TemporalCli {
  path: string;
  source: 'PATH' | 'cache' | 'download' | 'build';
}

/** Where the CLI may come from; unit tests replace all three. */
export interface CliSources {
  find: (program: string) => Promise<string | undefined>;
  run: RunCommand;
  ensureGo: (context: { log: ProvisionLog }) => Promise<string>;
}

const thisMachine: CliSources = { find: (program) => findProgram(program), run: runCommand, ensureGo };

/**
 * The Temporal CLI with its development server: from PATH, from the cache, by the SDK's own download, or built from its Go
 * module (minutes, once). The log says which; the error of the last way tells all that was tried.
 */
export async function ensureTemporalCli(
  { log }: { log: ProvisionLog },
  sources: CliSources = thisMachine,
): Promise<TemporalCli> {
  const onPath = await sources.find('temporal');
  if (onPath !== undefined) return { path: onPath, source: 'PATH' };
  let source: TemporalCli['source'] = 'cache';
  const directory = await ensureCached({
    title: 'Temporal CLI',
    location: 'temporal/cli',
    revision: cliRevision,
    log,
    build: async (target) => {
      source = await obtain(target, log, sources);
    },
  });
  return { path: path.join(directory, 'temporal'), source };
}

async function obtain(target: string, log: ProvisionLog, sources: CliSources): Promise<'download' | 'build'> {
  log('Temporal CLI: not on the PATH; trying the download of the Temporal SDK');
  try {
    await download(target, sources.run);
    return 'download';
  } catch (error) {
    log(`Temporal CLI: no download here (${lastLine(error)})`);
  }
  try {
    await build(target, log, sources);
    return 'build';
  } catch (error) {
    throw new Error(
      'There is no `temporal` on the PATH, and neither the SDK download nor a build from its Go module worked. ' +
        `Install the Temporal CLI, or set TEMPORAL_ADDRESS to a running server. Last error: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** The SDK downloads as a part of starting a server; in a process of its own nothing of that can be left behind. */
const downloadProgram = `
const [testing, downloadDir] = process.argv.slice(1);
require(testing)
  .TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'cached-download', downloadDir } } })
  .then((environment) => environment.teardown())
  .then(() => process.exit(0), (error) => { console.error(error.message); process.exit(1); });
`;

async function download(target: string, run: RunCommand): Promise<void> {
  const downloads = await mkdtemp(path.join(target, 'download-'));
  try {
    await run({
      command: process.execPath,
      args: ['-e', downloadProgram, require.resolve('@temporalio/testing'), downloads],
      timeoutMs: downloadLimitMs,
    });
    const [file] = await readdir(downloads);
    if (file === undefined) throw new Error('the SDK left no file behind');
    await copyFile(path.join(downloads, file), path.join(target, 'temporal'));
    await chmod(path.join(target, 'temporal'), 0o755);
  } finally {
    await rm(downloads, { recursive: true, force: true });
  }
}

async function build(target: string, log: ProvisionLog, sources: CliSources): Promise<void> {
  const go = await sources.ensureGo({ log });
  log(`Temporal CLI: building ${cliModule} with Go; this takes some minutes, but only once`);
  await sources.run({
    command: go,
    args: ['install', cliModule],
    // Without cgo no C compiler is needed.
    env: { GOBIN: target, CGO_ENABLED: '0' },
    timeoutMs: buildLimitMs,
    onElapsed: (seconds) => {
      log(`Temporal CLI: still building (${String(seconds)} s)`);
    },
  });
}

/** The cause of a failed command stands in the last line of its output. */
function lastLine(error: unknown): string {
  return messageOf(error).trim().split('\n').at(-1)?.slice(0, 200) ?? '';
}
