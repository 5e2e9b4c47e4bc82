import ts from 'typescript';

/** One property of an interface, as its source says it. */
export interface Member {
  readonly name: string;
  readonly doc: string;
  readonly isOptional: boolean;
  /** The type as TypeScript prints it. */
  readonly type: string;
}

/** The properties of an exported interface of the program, those it extends included. Throws when there is no such interface. */
export function membersOf(program: ts.Program, file: string, name: string): readonly Member[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFiles().find(({ fileName }) => fileName.endsWith(`/${file}`));
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  const symbol = module === undefined ? undefined : checker.tryGetMemberInModuleExports(name, module);
  if (symbol === undefined) throw new Error(`${file} exports no ${name}.`);
  return checker
    .getDeclaredTypeOfSymbol(symbol)
    .getProperties()
    .map((property) => toMember(property, checker));
}

function toMember(property: ts.Symbol, checker: ts.TypeChecker): Member {
  const type = checker.getNonNullableType(checker.getTypeOfSymbol(property));
  return {
    name: property.name,
    doc: ts.displayPartsToString(property.getDocumentationComment(checker)).replaceAll(/\s*\n\s*/g, ' '),
    isOptional: (property.flags & ts.SymbolFlags.Optional) !== 0,
    type: checker.typeToString(
      type,
      undefined,
      ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope,
    ),
  };
}
