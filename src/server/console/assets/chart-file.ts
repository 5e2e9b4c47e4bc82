/** As much of Node as is used here; other runtimes draw no charts. */
interface NodeParts {
  createRequire(from: string): NodeJS.Require;
  readFileSync(path: string, encoding: 'utf8'): string;
}

const host = globalThis as { readonly process?: { readonly getBuiltinModule?: (name: string) => unknown } };

/** The package that draws charts, as it is installed: its version, and its files by name. */
export function chartFile(): { readonly version: string; read(name: string): string | undefined } {
  const files = new Map<string, string | undefined>();
  const load = (path: string): string | undefined => {
    try {
      const module = host.process?.getBuiltinModule?.('node:module') as NodeParts | undefined;
      const fs = host.process?.getBuiltinModule?.('node:fs') as NodeParts | undefined;
      const found = module?.createRequire(import.meta.url).resolve(`uplot/${path}`);
      return found === undefined ? undefined : fs?.readFileSync(found, 'utf8');
    } catch {
      return undefined;
    }
  };
  const described = load('package.json');
  const version = described === undefined ? 'none' : (JSON.parse(described) as { readonly version: string }).version;
  return {
    version,
    read(name) {
      if (!files.has(name)) files.set(name, load(`dist/${name}`));
      return files.get(name);
    },
  };
}
