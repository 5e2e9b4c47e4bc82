import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { loadPeer } from '../peers.ts';
import type { Report } from '../report.ts';

/** What is used of `esbuild`. */
interface Esbuild {
  build(options: object): Promise<{ readonly outputFiles: readonly { readonly contents: Uint8Array }[] }>;
}

const here = fileURLToPath(new URL('..', import.meta.url));
const { peerDependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly peerDependencies: Readonly<Record<string, string>>;
};
const entries = {
  modelmux: "export * from '../src/index.ts'",
  openai: "export * from 'openai'",
  'portkey-ai': "export * from 'portkey-ai'",
};

/** Size of a bundle of everything exported, minified, for a platform that is not Node. */
export async function size(): Promise<Report> {
  const { build } = await loadPeer<Esbuild>('esbuild');
  const rows: string[][] = [];
  for (const [name, contents] of Object.entries(entries)) rows.push([name, ...(await sizes(build, contents))]);
  return { title: 'Bundle, minified', columns: ['', 'kB', 'kB gzipped'], rows };
}

async function sizes(build: Esbuild['build'], contents: string): Promise<readonly string[]> {
  try {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: here, loader: 'ts' },
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      conditions: ['import'],
      // What users bring themselves is not ours.
      external: ['node:*', ...Object.keys(peerDependencies)],
      logLevel: 'silent',
    });
    const code = outputFiles[0]?.contents ?? new Uint8Array();
    return [kilobytes(code.length), kilobytes(gzipSync(code, { level: 9 }).length)];
  } catch {
    return ['cannot be bundled for a neutral platform', '-'];
  }
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}
