/** One line of the table that `npm test` prints. */
export interface Stage {
  name: string;
  /** What a pass means, for the table. */
  proves: string;
  /** A program of node_modules/.bin or of the machine, and its arguments. */
  command: readonly [string, ...string[]];
  /** Jest stages are counted by test, all others count one. */
  kind: 'check' | 'jest';
  /** A stage that takes longer than this hangs; it is ended and counts as failed (minutes). */
  limitMinutes: number;
}

/** Checks take seconds. */
const checkLimitMinutes = 10;

const check = (name: string, proves: string, command: Stage['command']): Stage => ({
  name,
  proves,
  command,
  kind: 'check',
  limitMinutes: checkLimitMinutes,
});

const jest = (name: string, proves: string, options: { arguments?: string[]; limitMinutes: number }): Stage => ({
  name,
  proves,
  command: ['jest', '--selectProjects', name, ...(options.arguments ?? [])],
  kind: 'jest',
  limitMinutes: options.limitMinutes,
});

/** What the workflow, integration and end-to-end tests run on. Made once, kept in the user's cache directory. */
const provisions = [
  'tools',
  ...['2.8.2', '3.3.2', '3.7.2', '3.8.1', '3.9.2', '4.0.2', '4.1.2', '4.3.0'].map((version) => `kafka:${version}`),
  'temporal',
  'test-server',
  'jmx-agents',
  'operator-tools',
  'alertmanager',
];

/** Every stage, in the order in which they run: fast first, and nothing heavy before the code is known to be sound. */
export const stages: readonly Stage[] = [
  check('typecheck', 'sources, tests and scripts have sound types', ['tsc', '--noEmit']),
  check('build', 'src compiles to dist', ['node', 'scripts/bootstrap.mjs', '--build']),
  check('format', 'Prettier agrees', ['prettier', '--check', '--log-level', 'warn', '.']),
  check('lint', 'ESLint agrees, with type information', ['eslint', '--max-warnings', '0', '.']),
  check('fences', 'imports respect the layers', ['depcruise', 'src', 'test', 'scripts']),
  check('unused', 'no unused file, export or package', ['knip']),
  check('bundle', 'workflows load without Node and without I/O', ['tsx', 'scripts/build-workflow-bundle.ts']),
  jest('unit', 'decisions, parsers, adapters with fakes; coverage', { arguments: ['--coverage'], limitMinutes: 20 }),
  check('compose', 'docker-compose.yml is valid', ['tsx', 'scripts/check-compose.ts']),
  // The Temporal server is compiled the first time, where it cannot be downloaded: minutes, once.
  {
    ...check('provision', 'real Kafka and Temporal are at hand', ['tsx', 'scripts/provision.ts', ...provisions]),
    limitMinutes: 40,
  },
  jest('workflows', 'workflows with time skipping; replay of old histories', { limitMinutes: 30 }),
  jest('integration', 'adapters against real parts', { arguments: ['--runInBand'], limitMinutes: 40 }),
  jest('e2e', 'real upgrades of real clusters, with real failures', { arguments: ['--runInBand'], limitMinutes: 120 }),
];
