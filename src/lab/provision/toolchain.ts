import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import type { ProvisionLog } from './cache';
import { runCommand, type RunCommand } from './run-command';

type PackageManager = 'apt-get' | 'dnf' | 'apk';

/** The package that brings each program, by package manager. */
const packages = {
  java: { 'apt-get': 'openjdk-17-jre-headless', dnf: 'java-17-openjdk-headless', apk: 'openjdk17-jre-headless' },
  mvn: { 'apt-get': 'maven', dnf: 'maven', apk: 'maven' },
  go: { 'apt-get': 'golang-go', dnf: 'golang', apk: 'go' },
  sshd: { 'apt-get': 'openssh-server', dnf: 'openssh-server', apk: 'openssh-server' },
  'ssh-keygen': { 'apt-get': 'openssh-client', dnf: 'openssh', apk: 'openssh-keygen' },
  pgrep: { 'apt-get': 'procps', dnf: 'procps-ng', apk: 'procps' },
  ps: { 'apt-get': 'procps', dnf: 'procps-ng', apk: 'procps' },
  ip: { 'apt-get': 'iproute2', dnf: 'iproute', apk: 'iproute2' },
  unshare: { 'apt-get': 'util-linux', dnf: 'util-linux', apk: 'util-linux' },
  nsenter: { 'apt-get': 'util-linux', dnf: 'util-linux', apk: 'util-linux' },
  nft: { 'apt-get': 'nftables', dnf: 'nftables', apk: 'nftables' },
  flock: { 'apt-get': 'util-linux', dnf: 'util-linux', apk: 'util-linux' },
  'prometheus-alertmanager': {
    'apt-get': 'prometheus-alertmanager',
    dnf: 'alertmanager',
    apk: 'alertmanager',
  },
  tar: { 'apt-get': 'tar', dnf: 'tar', apk: 'tar' },
  chromium: { 'apt-get': 'chromium', dnf: 'chromium', apk: 'chromium' },
  tmux: { 'apt-get': 'tmux', dnf: 'tmux', apk: 'tmux' },
} as const satisfies Record<string, Record<PackageManager, string>>;

/** A program outside npm that the lab or its tests need. */
export type ToolName = keyof typeof packages;

/** What ensureTool works with; the defaults are this machine. */
export interface ToolContext {
  log: ProvisionLog;
  /** Directories to look in; default: PATH, then where distributions and Go's installer put such programs. */
  searchPath?: readonly string[];
  isRoot?: boolean;
  run?: RunCommand;
}

const installLimitMs = 10 * 60_000;
const usualPlaces = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/go/bin'];

/**
 * The full path of a program. When it is missing it is installed with the distribution's package manager if this process
 * is root, and the log says so; otherwise the error is one line with the command that installs it.
 */
export async function ensureTool(tool: ToolName, context: ToolContext): Promise<string> {
  const searchPath = context.searchPath ?? defaultSearchPath();
  const found = await findProgram(tool, searchPath);
  if (found !== undefined) return found;
  const manager = await findManager(searchPath);
  if (manager === undefined) {
    throw new Error(`\`${tool}\` is missing, and neither apt-get, dnf nor apk is here; install it and try again.`);
  }
  const install = installCommand(manager.name, tool);
  const isRoot = context.isRoot ?? process.getuid?.() === 0;
  if (!isRoot) throw new Error(`\`${tool}\` is missing; install it with: sudo ${install.join(' ')}`);
  context.log(`${tool} is missing; installing it: ${install.join(' ')}`);
  await installPackage(manager, install, context.run ?? runCommand);
  const installed = await findProgram(tool, searchPath);
  if (installed === undefined)
    throw new Error(`\`${install.join(' ')}\` succeeded, but there is still no \`${tool}\`.`);
  return installed;
}

/** The first executable of that name in the given directories (default: PATH and the usual places), or undefined. */
export async function findProgram(
  name: string,
  searchPath: readonly string[] = defaultSearchPath(),
): Promise<string | undefined> {
  for (const directory of searchPath) {
    const candidate = path.join(directory, name);
    const executable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return candidate;
  }
  return undefined;
}

function defaultSearchPath(): string[] {
  const javaHome = process.env['JAVA_HOME'];
  const fromPath = (process.env['PATH'] ?? '').split(path.delimiter).filter((directory) => directory !== '');
  return [...(javaHome === undefined ? [] : [path.join(javaHome, 'bin')]), ...fromPath, ...usualPlaces];
}

interface FoundManager {
  name: PackageManager;
  program: string;
}

async function findManager(searchPath: readonly string[]): Promise<FoundManager | undefined> {
  const names: PackageManager[] = ['apt-get', 'dnf', 'apk'];
  for (const name of names) {
    const program = await findProgram(name, searchPath);
    if (program !== undefined) return { name, program };
  }
  return undefined;
}

function installCommand(manager: PackageManager, tool: ToolName): string[] {
  const name = packages[tool][manager];
  if (manager === 'apk') return ['apk', 'add', name];
  const withoutExtras = manager === 'apt-get' ? ['--no-install-recommends'] : [];
  return [manager, 'install', '-y', ...withoutExtras, name];
}

async function installPackage(manager: FoundManager, install: string[], run: RunCommand): Promise<void> {
  const command = manager.program;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const args = install.slice(1);
  try {
    await run({ command, args, env, timeoutMs: installLimitMs });
  } catch (error) {
    if (manager.name !== 'apt-get') throw error;
    // A fresh image has no package lists yet.
    await run({ command, args: ['update', '-qq'], env, timeoutMs: installLimitMs });
    await run({ command, args, env, timeoutMs: installLimitMs });
  }
}
