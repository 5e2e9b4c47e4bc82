import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const file = join(root, 'test/docs/completed.ts');
const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
let source = '';
let version = 0;

// As an editor has it: one service, which reads the rest of the program once.
const service = ts.createLanguageService({
  getCompilationSettings: () => options,
  getScriptFileNames: () => [file],
  getScriptVersion: (path) => (path === file ? String(version) : '0'),
  getScriptSnapshot(path) {
    const found = path === file ? source : ts.sys.readFile(path);
    return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found);
  },
  getCurrentDirectory: () => root,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (path) => path === file || ts.sys.fileExists(path),
  readFile: ts.sys.readFile,
});

/** What an editor offers where `text` has a `|`. */
function offered(text: string): readonly string[] {
  source = `import { Portkey } from 'modelmux';\n${text.replace('|', '')}`;
  version += 1;
  const at = source.length - text.length + 1 + text.indexOf('|');
  return service.getCompletionsAtPosition(file, at, {})?.entries.map(({ name }) => name) ?? [];
}

const client = (config: string) => `new Portkey({ config: ${config} });`;

it.each<[string, string, readonly string[]]>([
  ['modes', client(`{ strategy: { mode: '|' } }`), ['single', 'fallback', 'loadbalance', 'conditional']],
  ['algorithms', client(`{ strategy: { mode: 'loadbalance', algorithm: '|' } }`), ['least_busy', 'rate_limit_aware']],
  ['causes', client(`{ strategy: { mode: 'fallback', on_errors: ['|'] } }`), ['rate_limit', 'context_window', 'any']],
  ['providers', client(`{ provider: '|' }`), ['openai', 'anthropic', 'azure-openai']],
  ['providers of targets', client(`{ strategy: { mode: 'fallback' }, targets: [{ provider: '|' }] }`), ['groq']],
  ['keys of a target', client(`{ strategy: { mode: 'fallback' }, targets: [{ | }] }`), ['virtual_key', 'rate_limit']],
  ['keys of a strategy', client(`{ strategy: { mode: 'fallback', | } }`), ['on_status_codes', 'conditions']],
  ['options', 'new Portkey({ | });', ['virtualKeys', 'traceID', 'config']],
  ['providers of keys', `new Portkey({ virtualKeys: { a: { provider: '|' } } });`, ['x-ai']],
])('an editor completes %s', { timeout: 120_000 }, (_what, text, names) => {
  expect(names.filter((name) => !offered(text).includes(name))).toEqual([]);
});
