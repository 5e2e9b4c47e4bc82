import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import type * as modelmux from '../../src/index.ts';

const root = join(import.meta.dirname, '../..');
const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly peerDependencies: Readonly<Record<string, string>>;
};

it('lets a bundler pass over optional packages that are not installed', () => {
  const peers = Object.keys(peerDependencies).join('|');
  const files = readdirSync(join(root, 'dist')).filter((name) => name.endsWith('.js'));
  const imports = files.flatMap((name) => {
    const text = readFileSync(join(root, 'dist', name), 'utf8');
    return [...text.matchAll(new RegExp(`import\\((?:\\/\\*.*?\\*\\/)?["'](?:${peers})["']\\)(\\.catch)?`, 'g'))];
  });
  expect(imports.length).toBeGreaterThan(3);
  // esbuild and those built on it take an import whose failure is caught on the spot for one that may fail.
  expect(imports.filter(([, caught]) => caught === undefined).map(([text]) => text)).toEqual([]);
});

/** The files that are there once an entry is imported: what comes by `import()` is not among them. */
function loadedWith(metafile: Metafile, entry: string): ReadonlySet<string> {
  const outputs = Object.entries(metafile.outputs);
  const loaded = new Set(outputs.filter(([, { entryPoint }]) => entryPoint === entry).map(([path]) => path));
  for (const path of loaded)
    for (const one of metafile.outputs[path]?.imports ?? []) if (one.kind === 'import-statement') loaded.add(one.path);
  return loaded;
}

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
    const loaded = loadedWith(metafile, `dist/${entry}.js`);
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

/** kB, minified and gzipped, of what `import { Portkey }` loads at once: size-limit knows no chunks and counts everything. */
const mostAtImport = 164;

it(`a client of its own loads at most ${mostAtImport} kB before its first call`, async () => {
  const entry = join(root, 'dist/entry-of-test.js');
  const { metafile, outputFiles } = await build({
    stdin: { contents: "export { Portkey } from './index.js';", resolveDir: join(root, 'dist'), sourcefile: entry },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    outdir: join(root, 'out'),
    splitting: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['workerd', 'worker'],
    external: ['node:*', ...Object.keys(peerDependencies)],
    metafile: true,
    logLevel: 'silent',
  });
  const entries = Object.values(metafile.outputs).map(({ entryPoint }) => entryPoint ?? '');
  const loaded = loadedWith(metafile, entries.find((path) => path.endsWith('entry-of-test.js')) ?? '');
  const texts = outputFiles
    .filter(({ path }) => loaded.has(path.slice(root.length + 1)))
    .map(({ contents }) => contents);
  expect(texts.length).toBeGreaterThan(0);
  const size = gzipSync(Buffer.concat(texts)).length / 1000;
  expect(size).toBeLessThan(mostAtImport);
  // Far below means that the limit has become too wide to say anything.
  expect(size).toBeGreaterThan(mostAtImport * 0.9);
});

describe('what is loaded when it is needed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelmux-bundles-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const said = (text: string) => new Response(text, { headers: { 'content-type': 'application/json' } });
  const answers: typeof fetch = async (input) => {
    const url = String(input instanceof Request ? input.url : input);
    if (url.includes('anthropic'))
      return said(
        '{"type":"message","role":"assistant","model":"c","content":[{"type":"text","text":"Claude"}],"stop_reason":"end_turn"}',
      );
    return said('{"choices":[{"index":0,"message":{"role":"assistant","content":"GPT"},"finish_reason":"stop"}]}');
  };
  const claude = { provider: 'anthropic', api_key: 'k', override_params: { model: 'c', max_tokens: 9 } };
  const gpt = { provider: 'openai', api_key: 'k' };
  const body = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] };
  const shipped = async (file: string): Promise<typeof modelmux> => import(pathToFileURL(join(folder, file)).href);

  it('stands in the one file of a bundle without chunks', async () => {
    const { outputFiles } = await build({
      entryPoints: [join(root, 'dist/index.js')],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      external: Object.keys(peerDependencies),
      logLevel: 'silent',
    });
    writeFileSync(join(folder, 'one.mjs'), outputFiles[0]?.text ?? '');
    const { Portkey } = await shipped('one.mjs');
    await using portkey = new Portkey({ config: { ...claude, cache: { mode: 'simple' } }, fetch: answers });
    expect((await portkey.chat.completions.create(body)).choices[0]?.message.content).toBe('Claude');
    expect((await portkey.responses.create({ model: 'm', input: 'Hi' })).status).toBe('completed');
    expect(await portkey.prompts.list()).toMatchObject({ total: 0 });
  });

  it('and was not deployed is a typed error, after which a fallback goes on', async () => {
    const isDeployed = (name: string) => !/^anthropic-messages-/.test(name.split('/').at(-1) ?? '');
    cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true, filter: isDeployed });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const { Portkey, PartLoadError } = await shipped('dist/index.js');
    await using alone = new Portkey({ config: claude, fetch: answers });
    const failed = alone.chat.completions.create(body);
    await expect(failed).rejects.toBeInstanceOf(PartLoadError);
    await expect(failed).rejects.toMatchObject({
      message: expect.stringContaining('The part "anthropic-messages" of modelmux could not be loaded'),
      target: { path: 'config', provider: 'anthropic' },
    });
    const config = { strategy: { mode: 'fallback' as const }, targets: [claude, gpt] };
    await using both = new Portkey({ config, fetch: answers });
    const reply = await both.chat.completions.create(body);
    expect(reply.choices[0]?.message.content).toBe('GPT');
    expect(reply.attempts.map(({ errorKind }) => errorKind)).toEqual(['config', undefined]);
  });
});
