import { chmod, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ProvisionLog } from './cache';
import { runCommand, type RunCommand } from './run-command';
import { ensureTool } from './toolchain';

/** From 1.21 on, `go` fetches by itself the newer toolchain that a module asks for. */
const firstSelfUpdatingMinor = 21;
/** For an older `go`: a toolchain as the Go project publishes it, as a module. */
const toolchainRelease = 'go1.25.1';
const toolchainLimitMs = 10 * 60_000;

/** What ensureGo works with; the defaults are this machine. */
export interface GoContext {
  log: ProvisionLog;
  /** The `go` to start from; default: the one that is installed. */
  go?: string;
  run?: RunCommand;
}

/** The path of a `go` that can build today's modules; an old one (Debian 12 has 1.19) fetches a newer toolchain first. */
export async function ensureGo(context: GoContext): Promise<string> {
  const run = context.run ?? runCommand;
  const go = context.go ?? (await ensureTool('go', { log: context.log }));
  const version = await run({ command: go, args: ['env', 'GOVERSION'], timeoutMs: 30_000 });
  const minor = /^go1\.(\d+)/.exec(version.trim())?.[1];
  if (minor === undefined || Number(minor) >= firstSelfUpdatingMinor) return go;
  context.log(`${go} is ${version.trim()}, too old for this build; fetching the toolchain ${toolchainRelease}`);
  return fetchToolchain(go, run);
}

async function fetchToolchain(go: string, run: RunCommand): Promise<string> {
  const platform = (await run({ command: go, args: ['env', 'GOOS', 'GOARCH'], timeoutMs: 30_000 })).trim();
  const module = `golang.org/toolchain@v0.0.1-${toolchainRelease}.${platform.split('\n').join('-')}`;
  const answer = await run({ command: go, args: ['mod', 'download', '-json', module], timeoutMs: toolchainLimitMs });
  const directory = /"Dir":\s*"([^"]+)"/.exec(answer)?.[1];
  if (directory === undefined) throw new Error(`\`go mod download ${module}\` named no directory: ${answer}`);
  // Module archives carry no permissions.
  for (const folder of ['bin', `pkg/tool/${platform.split('\n').join('_')}`]) {
    const programs = path.join(directory, folder);
    for (const program of await readdir(programs)) await chmod(path.join(programs, program), 0o755);
  }
  return path.join(directory, 'bin', 'go');
}
