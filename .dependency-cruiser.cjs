const { adapterPackages, ...layers } = require('./layers.cjs');

const names = Object.keys(layers);
const production = { pathNot: '\\.test\\.ts$|^src/testing/' };
const packagePath = (packages) => packages.map((name) => `node_modules/${name}(/|$)`);
const platform =
  '^node:|^(fs|path|os|net|http|https|child_process|crypto|stream|util|url|events|worker_threads|timers|dgram|tls|zlib|process)(/|$)';

const layerRules = Object.entries(layers).map(([layer, row]) => ({
  name: `${layer}-imports-only-${[...row.may, ...row.packages].join('+') || 'itself'}`,
  severity: 'error',
  from: { path: `^src/${layer}/`, ...production },
  to: {
    path: `^src/(${names.join('|')}|testing)/`,
    pathNot: `^src/(${[layer, ...row.may].join('|')})/`,
  },
}));

const packageRules = Object.entries(layers)
  .filter(([layer]) => layer !== 'adapters')
  .map(([layer, row]) => ({
    name: `${layer}-packages-at-home`,
    severity: 'error',
    from: { path: `^src/${layer}/`, ...production },
    to: row.packages.length ? { path: 'node_modules/', pathNot: packagePath(row.packages) } : { path: 'node_modules/' },
  }));

const adapterRules = Object.entries(adapterPackages).map(([adapter, packages]) => ({
  name: `adapter-${adapter}-one-package`,
  severity: 'error',
  from: { path: `^src/adapters/${adapter}/`, ...production },
  to: packages.length ? { path: 'node_modules/', pathNot: packagePath(packages) } : { path: 'node_modules/' },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    ...packageRules,
    ...adapterRules,
    {
      name: 'adapter-may-not-reach-another-adapter',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/', ...production },
      to: { path: '^src/adapters/', pathNot: '^src/adapters/$1/' },
    },
    {
      name: 'adapter-is-in-the-table',
      severity: 'error',
      from: { path: `^src/adapters/(?!(${Object.keys(adapterPackages).join('|')})/)`, ...production },
      to: { path: '.' },
    },
    {
      name: 'core-is-platform-free',
      severity: 'error',
      from: { path: `^src/(${names.filter((name) => !layers[name].node).join('|')})/`, ...production },
      to: { path: platform },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'production-never-imports-testing',
      severity: 'error',
      from: { path: '^src/', ...production },
      to: { path: '^src/testing/|\\.test\\.ts$|^test/|^bench/|^tools/' },
    },
    {
      name: 'entry-starts-the-role-and-nothing-else',
      severity: 'error',
      from: { path: '^src/motion-capture\\.ts$' },
      to: { pathNot: '^src/cli/' },
    },
    {
      name: 'nothing-unresolvable',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
