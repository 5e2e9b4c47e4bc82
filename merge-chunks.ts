import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { rollup } from 'rollup';

/**
 * Puts the chunks of `entries` in `folder` together where nothing is gained by keeping them apart. esbuild makes one of every set of
 * entries and parts that share a module, though whatever loads a part has loaded its entry before: Node spends more time on dozens of small
 * files than on what stands in them.
 */
export async function mergeChunks(folder: string, entries: readonly string[]): Promise<void> {
  const bundle = await rollup({
    input: Object.fromEntries(entries.map((entry) => [entry, join(folder, `${entry}.js`)])),
    external: (id) => !/^[./]/.test(id),
    // As package.json says.
    treeshake: { moduleSideEffects: false },
    plugins: [withMaps],
  });
  const { output } = await bundle.generate({
    dir: folder,
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: ({ name }) => `${name.replace(/-[A-Z0-9]{8}$/, '')}-[hash].js`,
    sourcemap: true,
    sourcemapExcludeSources: true,
    hoistTransitiveImports: false,
  });
  const before = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  await Promise.all(before.flatMap((path) => [rm(path), rm(`${path}.map`)]));
  await Promise.all(
    output.map((file) =>
      writeFile(join(folder, basename(file.fileName)), file.type === 'chunk' ? file.code : file.source),
    ),
  );
}

/** Hands the maps of esbuild on, so that traces still lead to the sources. */
const withMaps = {
  name: 'with-maps',
  async load(path: string) {
    const [code, map] = await Promise.all([readFile(path, 'utf8'), readFile(`${path}.map`, 'utf8')]);
    return { code, map };
  },
};
