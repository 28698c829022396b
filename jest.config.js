/**
 * Five projects, by what they need:
 * - `unit`:        nothing but Node. Everything under test/ that is in none of the folders below.
 * - `workflows`:   the time-skipping Temporal test server (workflow behaviour) and committed histories (replay).
 * - `integration`: real parts on loopback, one or two at a time (sshd, a broker, a Temporal server).
 * - `e2e`:         a whole small data centre; one test file at a time.
 * - `e2e-long`:    the same, for what `npm test` has no time for; a part of `npm run test:all`.
 *
 * Tests run on the sources; swc only strips the types (the type check is `npm run typecheck`).
 */
const { join } = require('node:path');

const swc = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022', keepClassNames: true },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};

// Jest takes `testTimeout` from the top level only, so each project hands its own limit (ms) to test/support/time-limit.ts.
const limited = (timeLimitMs) => ({
  globals: { timeLimitMs },
  setupFilesAfterEnv: ['<rootDir>/test/support/time-limit.ts'],
});

const project = (displayName, overrides) => ({
  displayName,
  rootDir: __dirname,
  // Shared by the stages of `npm test`, each of which has a temporary directory of its own.
  cacheDirectory: join(__dirname, '.test-results', 'jest'),
  testEnvironment: 'node',
  // Libraries (zod) keep state on globals and read it after a file's end; Jest's clean-up warns about each.
  testEnvironmentOptions: { globalsCleanup: 'off' },
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist', '<rootDir>/.lab/'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.lab/'],
  ...overrides,
});

const outsideUnit = ['workflows', 'replay', 'integration', 'e2e'].map((folder) => `<rootDir>/test/${folder}/`);

module.exports = {
  // Jest leaves one core idle by default; of two, that is half.
  maxWorkers: '100%',
  projects: [
    project('unit', {
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...outsideUnit],
      // Milliseconds each; but a busy machine is no failure.
      ...limited(30_000),
    }),
    project('workflows', {
      testMatch: ['<rootDir>/test/{workflows,replay}/**/*.test.ts'],
      ...limited(120_000),
    }),
    project('integration', {
      testMatch: ['<rootDir>/test/integration/**/*.test.ts'],
      ...limited(180_000),
    }),
    project('e2e', {
      testMatch: ['<rootDir>/test/e2e/*.test.ts'],
      ...limited(900_000),
    }),
    project('e2e-long', {
      testMatch: ['<rootDir>/test/e2e/long/*.test.ts'],
      ...limited(900_000),
    }),
  ],
  collectCoverageFrom: ['src/domain/**/*.ts'],
  coverageDirectory: 'coverage',
  coverageReporters: [['text', { skipFull: true }], 'lcov'],
  // Applies where coverage is asked for: the unit stage of `npm test`. A branch that no test can reach is one too many.
  coverageThreshold: { global: { branches: 100, functions: 100, lines: 100, statements: 100 } },
};
