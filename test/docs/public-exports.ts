import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every entry of the package by its name, and the file it stands in. */
export const entries: Readonly<Record<string, string>> = {
  modelmux: 'src/index.ts',
  'modelmux/ai-sdk': 'src/adapters/ai-sdk/index.ts',
  'modelmux/fetch': 'src/adapters/fetch/index.ts',
  'modelmux/import': 'src/import.ts',
  'modelmux/otel': 'src/observe/otel/index.ts',
  'modelmux/redis': 'src/stores/redis/index.ts',
  'modelmux/server': 'src/server/index.ts',
  'modelmux/simulator': 'src/simulator/index.ts',
};

/** Something an entry exports: its name, its docstring (empty without one), the file it stands in. */
export interface PublicExport {
  readonly entry: string;
  readonly name: string;
  readonly doc: string;
  readonly file: string;
}

/** A program over the entries, as `tsconfig.json` has it. */
export function entryProgram(): ts.Program {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return ts.createProgram({ rootNames: Object.values(entries).map((file) => `${root}${file}`), options });
}

/** What every entry exports, types included. */
export function publicExports(program: ts.Program): readonly PublicExport[] {
  const checker = program.getTypeChecker();
  return Object.entries(entries).flatMap(([entry, file]) => {
    const source = program.getSourceFile(`${root}${file}`);
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${file} is no module.`);
    return checker.getExportsOfModule(module).map((exported) => toExport(exported, entry, checker));
  });
}

function toExport(exported: ts.Symbol, entry: string, checker: ts.TypeChecker): PublicExport {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const doc = ts.displayPartsToString(symbol.getDocumentationComment(checker));
  const file = symbol.declarations?.[0]?.getSourceFile().fileName.slice(root.length) ?? '';
  return { entry, name: exported.name, doc, file };
}
