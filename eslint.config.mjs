import { builtinModules } from 'node:module';

import prettier from 'eslint-config-prettier';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

/** Every Node built-in, with and without the `node:` prefix and with its sub-paths. */
const nodeBuiltIns = builtinModules
  .filter((name) => !name.startsWith('_'))
  .flatMap((name) => (name.startsWith('node:') ? [name] : [name, `node:${name}`]));

/** Names that bring time, chance, I/O or Node itself into code that has to give the same answer on every replay. */
const ambient = [
  ['Date', 'Time is an input here: pass milliseconds in (workflows take them from activity results).'],
  ['performance', 'Time is an input here: pass milliseconds in.'],
  ['setTimeout', 'Use sleep() or condition() of @temporalio/workflow.'],
  ['setInterval', 'Use sleep() or condition() of @temporalio/workflow.'],
  ['setImmediate', 'Use sleep() or condition() of @temporalio/workflow.'],
  ['fetch', 'I/O belongs into an activity.'],
  ['process', 'The environment belongs to the worker; pass what is needed in.'],
  ['Buffer', 'Node types do not exist in the workflow sandbox.'],
  ['console', 'Use `log` of @temporalio/workflow; the domain returns what is to be said.'],
].map(([name, message]) => ({ name, message }));

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: one concept has one name everywhere.',
};

const noAsync = [
  { selector: ':function[async=true]', message: 'The domain is synchronous and pure.' },
  { selector: 'AwaitExpression', message: 'The domain is synchronous and pure.' },
  {
    selector: 'MemberExpression[object.name="Math"][property.name="random"]',
    message: 'The domain is pure: chance is an input.',
  },
];

/** The SDK tells another moment to a worker that answers a query first (docs/decisions/0017): its word may be a value, no branch. */
const noBranchOnTheMoment = [
  {
    selector:
      'BinaryExpression[operator=/^[<>]=?$/] CallExpression[callee.object.name="Date"][callee.property.name="now"]',
    message: 'A branch takes its time from readMoment().',
  },
  {
    selector:
      ':matches(VariableDeclarator[init.callee.name="workflowInfo"] Property[key.name=/^(historyLength|historySize|continueAsNewSuggested)$/], MemberExpression[object.callee.name="workflowInfo"][property.name=/^(historyLength|historySize|continueAsNewSuggested)$/])',
    message: 'A branch takes the length of the history from readMoment().',
  },
];

/** Sizes of CONTRIBUTING.md; blank lines and comments are free. */
const sizes = {
  'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
  // `modified`: a switch counts once. An exhaustive one over a union is a table, not a tangle.
  complexity: ['error', { max: 12, variant: 'modified' }],
  'max-params': 'off',
  '@typescript-eslint/max-params': ['error', { max: 3 }],
};

const typed = {
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
  ],
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
  '@typescript-eslint/explicit-module-boundary-types': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  // Numbers and booleans print as themselves; objects and undefined stay forbidden.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  // `() => socket.end()` says what it does; braces around it say nothing more.
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
  eqeqeq: 'error',
  'no-restricted-syntax': ['error', noDefaultExport],
};

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'dist.new/',
      'dist.old/',
      'coverage/',
      'node_modules/',
      '.bootstrap/',
      '.test-results/',
      '.lab/',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: { ...typed, ...sizes },
  },
  {
    files: ['src/domain/**/*.ts', 'src/workflows/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        ...nodeBuiltIns.map((name) => ({ name, message: 'Neither the domain nor a workflow touches Node.' })),
      ],
      'no-restricted-globals': ['error', ...ambient],
    },
  },
  {
    // In the workflow sandbox Date is the deterministic time of the workflow.
    files: ['src/workflows/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...ambient.filter(({ name }) => name !== 'Date')],
      'no-restricted-syntax': ['error', noDefaultExport, ...noBranchOnTheMoment],
    },
  },
  {
    files: ['src/workflows/moment.ts'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport] },
  },
  {
    files: ['src/domain/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport, ...noAsync] },
  },
  {
    files: ['test/**/*.ts'],
    extends: [jest.configs['flat/recommended']],
    rules: {
      'jest/no-disabled-tests': 'error',
      'jest/no-focused-tests': 'error',
      'jest/no-commented-out-tests': 'error',
      // `until` waits for a condition and throws at its deadline: an assertion about the future.
      'jest/expect-expect': [
        'error',
        { assertFunctionNames: ['expect*', '**.expect*', 'fc.assert', 'assert*', 'until'] },
      ],
      'jest/valid-expect': 'error',
      // `expect(host.stop).toHaveBeenCalled()` takes a method without calling it; jest's rule knows that form.
      '@typescript-eslint/unbound-method': 'off',
      'jest/unbound-method': 'error',
      // A scenario reads best in one piece; the file limit still holds.
      'max-lines-per-function': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      // Jest's asymmetric matchers are typed `any`.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      // Fakes implement asynchronous ports without having anything to await.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      // Fakes have the signatures of the ports, whose last parameter is often a signal.
      '@typescript-eslint/max-params': ['error', { max: 4 }],
    },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    extends: [tseslint.configs.recommended],
    rules: { eqeqeq: 'error', 'max-lines': sizes['max-lines'], complexity: sizes.complexity },
  },
  { files: ['**/*.{js,cjs}'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  prettier,
);
