import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly peerDependencies: Readonly<Record<string, string>>;
};

it('lets a bundler pass over optional packages that are not installed', () => {
  const peers = Object.keys(peerDependencies).join('|');
  const files = readdirSync(join(root, 'dist')).filter((name) => name.endsWith('.js'));
  const imports = files.flatMap((name) => {
    const text = readFileSync(join(root, 'dist', name), 'utf8');
    return [...text.matchAll(new RegExp(`import\\((?:\\/\\*.*?\\*\\/)?"(?:${peers})"\\)(\\.catch)?`, 'g'))];
  });
  expect(imports.length).toBeGreaterThan(3);
  // esbuild and those built on it take an import whose failure is caught on the spot for one that may fail.
  expect(imports.filter(([, caught]) => caught === undefined).map(([text]) => text)).toEqual([]);
});

it.each(['index', 'fetch', 'ai-sdk', 'server', 'import'])(
  '%s asks for nothing of Node until it is needed',
  async (entry) => {
    const { metafile } = await build({
      entryPoints: [join(root, 'dist', `${entry}.js`)],
      absWorkingDir: root,
      bundle: true,
      write: false,
      outdir: 'out',
      splitting: true,
      format: 'esm',
      platform: 'browser',
      conditions: ['workerd', 'worker'],
      external: ['node:*', 'cloudflare:*'],
      metafile: true,
      logLevel: 'silent',
    });
    const outputs = Object.entries(metafile.outputs);
    const loaded = new Set(
      outputs.filter(([, { entryPoint }]) => entryPoint === `dist/${entry}.js`).map(([path]) => path),
    );
    for (const path of loaded)
      for (const one of metafile.outputs[path]?.imports ?? [])
        if (one.kind === 'import-statement') loaded.add(one.path);
    expect(loaded.size).toBeGreaterThan(0);
    expect([...loaded].filter((path) => path.startsWith('node:'))).toEqual([]);
  },
);

it.each(['index', 'fetch', 'ai-sdk', 'import'])('%s in one file imports nothing of Node', async (entry) => {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'dist', `${entry}.js`)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: ['workerd', 'worker'],
    // What is imported in passing stands at the head of the file: a worker without Node would not start.
    external: ['node:*', ...Object.keys(peerDependencies)],
    logLevel: 'silent',
  });
  const text = outputFiles[0]?.text ?? '';
  expect(text).toContain('export {');
  expect([...text.matchAll(/^import .*"(node:[\w/]+)"/gm)].map(([, name]) => name)).toEqual([]);
});
