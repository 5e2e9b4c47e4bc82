import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ServerProcess, startServer } from './server-process.ts';

const program = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** The provider of the benchmarks as a target. */
export function targetOf(upstream: string) {
  return { provider: 'openai', api_key: 'bench', custom_host: `${upstream}/v1` };
}

/** Starts `modelmux serve` as it is built, with the provider as its config; `remove` takes its file away. */
export function oursFor(upstream: string): { start(): Promise<ServerProcess | undefined>; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'modelmux-bench-'));
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify(targetOf(upstream)));
  const args = (port: number) => [
    program,
    'serve',
    '--quiet',
    ...['--port', String(port), '--trust-hosts', 'any', '--config', config],
  ];
  return {
    start: () => startServer({ args, healthPath: '/health' }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
