import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^modelmux$/, replacement: source('index.ts') },
      { find: /^modelmux\/server$/, replacement: source('server/index.ts') },
      { find: /^modelmux\/redis$/, replacement: source('stores/redis/index.ts') },
      { find: /^modelmux\/import$/, replacement: source('import.ts') },
      { find: /^modelmux\/otel$/, replacement: source('observe/otel/index.ts') },
      { find: /^modelmux\/simulator$/, replacement: source('simulator/index.ts') },
      { find: /^modelmux\/fetch$/, replacement: source('adapters/fetch/index.ts') },
      { find: /^modelmux\/ai-sdk$/, replacement: source('adapters/ai-sdk/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'] },
    globalSetup: ['test/global-setup.ts'],
    // Generous: a machine that does much else slows tests down, and does not fail them. What hangs fails all the same.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
