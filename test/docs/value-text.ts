import { code } from './markdown.ts';

/** The parts of a JSON Schema that zod writes. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly $ref?: string;
}

/** A shape in words: `whole number, 0 to 100`. Empty for one that says nothing. */
export function valueText(schema: Schema): string {
  if (schema.$ref !== undefined) return 'a node';
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  if (schema.anyOf !== undefined) return unique(schema.anyOf.map(valueText)).join('; or ');
  if (Array.isArray(schema.type))
    return unique(schema.type.map((type: string) => typeNames[type] ?? type)).join(' or ');
  if (schema.type === 'array') return listText(schema);
  if (schema.type === 'object') return objectText(schema);
  return `${schema.format === 'uri' ? 'URL' : (typeNames[String(schema.type)] ?? '')}${rangeText(schema)}`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: '`true`, `false`',
};

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}

function listText({ items = {} }: Schema): string {
  const item = valueText(items);
  return item === '' ? 'list' : `list of ${item}`;
}

function objectText({ properties, propertyNames, additionalProperties }: Schema): string {
  if (properties !== undefined) return 'object';
  const value = typeof additionalProperties === 'object' ? valueText(additionalProperties) : '';
  const names = propertyNames?.enum?.map(code).join(', ');
  if (names === undefined) return value === '' ? 'object' : `object: name to ${value}`;
  return `object: ${names}; each ${value}`;
}

function rangeText({ minimum, exclusiveMinimum, maximum }: Schema): string {
  // What stands for "as large as a number may be" bounds nothing.
  const most = maximum === undefined || maximum > 1e15 ? undefined : maximum.toLocaleString('en');
  if (exclusiveMinimum !== undefined) return `, above ${exclusiveMinimum}${most === undefined ? '' : ` to ${most}`}`;
  if (minimum === undefined || minimum < -1e15) return most === undefined ? '' : `, at most ${most}`;
  const least = minimum.toLocaleString('en');
  return most === undefined ? `, at least ${least}` : `, ${least} to ${most}`;
}
