import { defineConfig, type Options } from 'tsup';
import { mergeChunks } from './merge-chunks.ts';

const shared: Options = {
  format: 'esm',
  target: 'node22',
  external: [/^node:/, 'modelmux'],
  // Carried along, without the parts that are not used: its hundred files take longer to load than all of ours. Its licence stands in LICENSE.
  noExternal: ['zod'],
  splitting: true,
  sourcemap: true,
  removeNodeProtocol: false,
  // Traces name files and lines of the sources; the sources themselves stand in the repository.
  esbuildOptions(options) {
    options.sourcesContent = false;
  },
};

export default defineConfig((options) => [
  // The entries of users: nothing in them asks for Node unless a Node feature is used. They share their chunks, and so their classes.
  {
    ...shared,
    entry: {
      index: 'src/index.ts',
      fetch: 'src/adapters/fetch/index.ts',
      'ai-sdk': 'src/adapters/ai-sdk/index.ts',
      server: 'src/server/index.ts',
      import: 'src/import.ts',
      otel: 'src/observe/otel/index.ts',
      redis: 'src/stores/redis/index.ts',
    },
    platform: 'neutral',
    dts: options.dts ?? true,
    // Every entry above: what one of them needs is put together with what the others need.
    onSuccess: () => mergeChunks('dist', ['index', 'fetch', 'ai-sdk', 'server', 'import', 'otel', 'redis']),
  },
  { ...shared, entry: { simulator: 'src/simulator/index.ts' }, platform: 'node', dts: options.dts ?? true },
  // The thread of the log file: loaded by its name, which stands in src/observe/logs/sqlite.ts.
  { ...shared, entry: { 'sqlite-worker': 'src/observe/logs/sqlite/worker.ts' }, platform: 'node' },
  { ...shared, entry: { cli: 'src/cli/main.ts' }, platform: 'node', banner: { js: '#!/usr/bin/env node' } },
]);
