// The floors of the house, ground first. A module may import from its own room and from floors below, type imports included.
const floors = [
  ['core'],
  [
    'stores',
    'vault',
    'providers/transport',
    'providers/auth',
    'providers/dialects',
    'routing/state',
    'routing/guardrails',
    'observe/logs',
    'observe/pricing',
  ],
  ['providers/hosts', 'routing/algorithms', 'routing/middleware'],
  ['routing/strategies'],
  ['config'],
  ['resources'],
  ['portkey\\.ts'],
  ['index\\.ts', 'import\\.ts', 'adapters', 'observe/otel', 'server', 'cli'],
];
const at = (room) => `^src/${room}${room.endsWith('.ts') ? '$' : '/'}`;

const floorRules = floors.flatMap((rooms, level) =>
  rooms.map((room) => ({
    name: `floor-${level}-${room.replace('\\', '')}`,
    comment: `src/${room} stands on floor ${level} and may import only itself and floors below.`,
    severity: 'error',
    from: { path: at(room) },
    to: {
      path: '^src/',
      pathNot: [
        at(room),
        ...floors.slice(0, level).flat().map(at),
        ...(room === 'cli'
          ? ['^src/index\\.ts$', '^src/simulator/index\\.ts$', '^src/server/', '^src/observe/otel/index\\.ts$']
          : []),
      ],
    },
  })),
);

// Node builtins only where a runtime without Node never comes.
const nodeRooms = [
  '^src/server/listen/',
  '^src/simulator/',
  '^src/cli/',
  '^src/vault/file',
  '^src/config/by-id/folder',
  '^src/observe/logs/sqlite',
  '^src/stores/spend-file\\.ts$',
  '^src/providers/transport/node-fetch',
];

module.exports = {
  forbidden: [
    ...floorRules,
    {
      name: 'simulator-stands-apart',
      severity: 'error',
      from: { path: '^src/simulator/' },
      to: { path: '^src/', pathNot: ['^src/simulator/', '^src/core/'] },
    },
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'node-builtins',
      severity: 'error',
      from: { path: '^src/', pathNot: nodeRooms },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'no-orphan', severity: 'error', from: { orphan: true, path: '^src/' }, to: {} },
    {
      name: 'not-to-dev-dependency',
      severity: 'error',
      from: { path: '^src/' },
      // A package that users bring themselves is also installed for the tests; zod is built into what is published.
      to: {
        pathNot: '^node_modules/zod/',
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm-peer'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
