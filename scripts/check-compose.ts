/** Validates docker-compose.yml with whichever Compose this machine has; as root on Debian it installs one if none is. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..');
const installation = 'apt-get install --yes --no-install-recommends docker-compose';

const works = (command: string, args: string[]): boolean => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

function findCompose(): [string, ...string[]] | null {
  if (works('docker', ['compose', 'version'])) return ['docker', 'compose'];
  if (works('docker-compose', ['version'])) return ['docker-compose'];
  return null;
}

function install(): void {
  if (process.getuid?.() !== 0 || !works('apt-get', ['--version'])) {
    throw new Error(`docker-compose.yml was not checked: there is no Docker Compose. Install it: sudo ${installation}`);
  }
  console.log(`There is no Docker Compose; installing it: ${installation}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (command: string): number | null =>
    spawnSync('sh', ['-c', command], { env: environment, stdio: ['ignore', 'ignore', 'inherit'] }).status;
  // The package lists of a fresh container are empty: the first try fails there, and the second has them.
  if (run(`${installation} 2>/dev/null`) !== 0 && run(`apt-get update && ${installation}`) !== 0) {
    throw new Error(`Docker Compose could not be installed. Install it by hand: ${installation}`);
  }
}

function main(): void {
  if (findCompose() === null) install();
  const compose = findCompose();
  if (compose === null) throw new Error(`Docker Compose was installed, but does not run. Try: docker-compose version`);
  const [command, ...args] = compose;
  const { status } = spawnSync(command, [...args, '--file', 'docker-compose.yml', 'config', '--quiet'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('docker-compose.yml is not valid; the lines above say why.');
  console.log(`docker-compose.yml is valid (${compose.join(' ')} config).`);
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
