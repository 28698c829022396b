/** The layers of the product, as rules. `npm run fences` checks them; docs and CONTRIBUTING.md explain them. */

/** Interfaces that activities are written against, and the types in them. Their implementations are the adapters. */
const ports =
  '^src/(hosts/broker-host|kafka/kafka-(reader|admin)|jmx/gauge-reader|notify/(notice-sender|alert-silencer)|config/definition)\\.ts$';
const adapters = '^src/(ssh|hosts|kafka|jmx|http|notify)/';

/** The folders of src/domain, from the ground up: each knows those before it. */
const domainLayers = [
  ...['common', 'cluster', 'restart', 'knowledge', 'levels', 'settings', 'policy', 'lag'],
  ...['health', 'checks', 'plan', 'people', 'upgrade', 'notices'],
];

const domainLayerRules = domainLayers.slice(0, -1).map((layer, index) => ({
  name: `domain-${layer}-knows-what-is-below`,
  comment: `The order of src/domain: ${domainLayers.join(', ')}.`,
  severity: 'error',
  from: { path: `^src/domain/${layer}/` },
  to: { path: `^src/domain/(${domainLayers.slice(index + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two modules that need each other are one module, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-to-unresolvable',
      comment: 'An import that cannot be found breaks at run time.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'domain-is-pure',
      comment: 'src/domain decides and does nothing else: itself, and packages that are as pure as it is.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^(src/domain/|node_modules/(properties-file|diff|luxon)/)' },
    },
    ...domainLayerRules,
    {
      name: 'domain-has-no-loose-files',
      comment: 'Every file of src/domain stands in one of its folders, or the order of these would not hold for it.',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: `^src/domain/(${domainLayers.join('|')})/` },
      to: {},
    },
    {
      name: 'workflows-are-deterministic',
      comment: 'A workflow runs in a sandbox and is replayed: Temporal, the domain, and nothing else at run time.',
      severity: 'error',
      from: { path: '^src/workflows/' },
      to: { pathNot: '^(src/workflows/|src/domain/|src/activities/|node_modules/@temporalio/(workflow|common)/)' },
    },
    {
      name: 'workflows-know-activities-by-type-only',
      comment: 'Importing an activity would pull its adapters into the sandbox.',
      severity: 'error',
      from: { path: '^src/workflows/' },
      to: { path: '^src/activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'activities-use-ports',
      comment:
        'Activities translate between the domain and ports; which adapter is behind a port is decided at start-up.',
      severity: 'error',
      from: { path: '^src/activities/' },
      to: { path: '^src/', pathNot: ['^src/activities/', '^src/domain/', ports] },
    },
    {
      name: 'adapters-know-nothing-above',
      comment: 'An adapter serves one outside system; it does not know who asks.',
      severity: 'error',
      from: { path: adapters },
      to: { path: '^src/(workflows|activities|worker|client|cli|demo|lab|report)/' },
    },
    {
      name: 'nothing-imports-the-cli',
      comment: 'The command line is the outermost layer.',
      severity: 'error',
      from: { path: '^(src|scripts)/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'the-lab-stays-outside',
      comment: 'The lab makes clusters for the demo and the tests; the product runs without it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(lab/|demo/|cli/commands/lab)' },
      to: { path: '^src/lab/' },
    },
    {
      name: 'nothing-imports-the-demo',
      comment: 'The demo is a program, not a library.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/demo/' },
      to: { path: '^src/demo/' },
    },
    {
      name: 'sources-do-not-import-tests',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'no-development-packages-at-run-time',
      comment: 'The image is installed without development dependencies.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/@types/' },
    },
    {
      name: 'no-undeclared-packages',
      comment: 'A package that is only there because another needs it can be gone tomorrow.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
    },
  },
};
