import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { loadPeer } from '../peers.ts';
import type { Report } from '../report.ts';

/** What is used of `esbuild`. */
interface Esbuild {
  build(options: object): Promise<Built>;
}

interface Built {
  readonly outputFiles: readonly { readonly path: string; readonly contents: Uint8Array }[];
  readonly metafile?: { readonly outputs: Readonly<Record<string, Output>> };
}

interface Output {
  readonly entryPoint?: string;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
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
  rows.push(['modelmux, what `import { Portkey }` loads at once', ...(await sizesAtImport(build))]);
  return { title: 'Bundle, minified', columns: ['', 'kB', 'kB gzipped'], rows };
}

async function sizes(build: Esbuild['build'], contents: string): Promise<readonly string[]> {
  try {
    const { outputFiles } = await build(bundleOf(contents));
    return sizesOf(outputFiles.map((file) => file.contents));
  } catch {
    return ['cannot be bundled for a neutral platform', '-'];
  }
}

/** Without what comes by `import()` when a config or call first needs it. */
async function sizesAtImport(build: Esbuild['build']): Promise<readonly string[]> {
  const options = bundleOf("export { Portkey } from '../src/index.ts'");
  const { outputFiles, metafile } = await build({ ...options, splitting: true, outdir: 'out', metafile: true });
  const outputs = metafile?.outputs ?? {};
  const loaded = new Set(Object.keys(outputs).filter((path) => outputs[path]?.entryPoint === '<stdin>'));
  for (const path of loaded)
    for (const { path: imported, kind } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement') loaded.add(imported);
  const names = new Set([...loaded].map((path) => basename(path)));
  return sizesOf(outputFiles.filter(({ path }) => names.has(basename(path))).map((file) => file.contents));
}

function bundleOf(contents: string): object {
  return {
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
  };
}

function sizesOf(files: readonly Uint8Array[]): readonly string[] {
  const code = Buffer.concat(files);
  return [kilobytes(code.length), kilobytes(gzipSync(code, { level: 9 }).length)];
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}
