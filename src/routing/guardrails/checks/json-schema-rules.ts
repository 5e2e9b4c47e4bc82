import type { Schema, SchemaDraft, Validator } from '@cfworker/json-schema';
import { closest } from '../../../core/did-you-mean.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { safePattern } from '../../../core/pattern/safe-pattern.ts';
import type { ReportIssue } from '../check.ts';

/** A JSON Schema, checked. */
export interface SchemaRules {
  /** Where the value breaks the schema, and by which keyword; never the value. */
  problemsOf(value: unknown): Promise<readonly SchemaProblem[]>;
  /** Longest JSON text that can be checked in bounded time. */
  readonly maxLength: number;
}

/** One thing wrong with a value. */
export interface SchemaProblem {
  /** JSON pointer, as `#/items/0`. */
  readonly path: string;
  readonly keyword: string;
}

const mostNodes = 10_000;
const mostLevels = 100;
const mostProblems = 20;
const longestText = 1_000_000;
/** Each item is compared with every other. */
const longestUnique = 20_000;

/** Checks a JSON Schema (draft 4 to 2020-12): names, patterns, references. Undefined after reporting. The validator is loaded when the first value comes. */
export function compileJsonSchema(schema: JsonObject | boolean, report: ReportIssue): SchemaRules | undefined {
  const reading: Reading = {
    nodes: 0,
    depth: 0,
    maxLength: longestText,
    isSound: true,
    report,
    root: schema,
    references: [],
  };
  readSchema(schema, '', reading);
  if (reading.isSound) for (const reference of reading.references) checkReference(reference, reading);
  if (!reading.isSound) return undefined;
  let validator: Promise<Validator> | undefined;
  return {
    maxLength: reading.maxLength,
    async problemsOf(value) {
      validator ??= import('@cfworker/json-schema').then(
        (module) => new module.Validator(schema as Schema, draftOf(schema), false),
      );
      const { valid, errors } = (await validator).validate(value);
      // The last of a row of errors is the one that the others follow from.
      return valid
        ? []
        : errors.slice(-mostProblems).map((error) => ({ path: error.instanceLocation, keyword: error.keyword }));
    },
  };
}

function draftOf(schema: JsonObject | boolean): SchemaDraft {
  const named = isJsonObject(schema) && typeof schema.$schema === 'string' ? schema.$schema : '';
  return (['4', '7', '2019-09'] as const).find((draft) => new RegExp(`draft[-/]0?${draft}`).test(named)) ?? '2020-12';
}

interface Reading {
  nodes: number;
  depth: number;
  maxLength: number;
  isSound: boolean;
  readonly report: ReportIssue;
  readonly root: unknown;
  /** Looked at when all of the schema is known to be finite. */
  readonly references: Reference[];
}

interface Reference {
  readonly reference: unknown;
  readonly path: string;
}

function refuse(reading: Reading, path: string, message: string): void {
  reading.isSound = false;
  reading.report(path, message);
}

const holdsSchema = [
  'additionalProperties',
  'propertyNames',
  'additionalItems',
  'contains',
  'not',
  'if',
  'then',
  'else',
];
const holdsSchemas = ['items', 'prefixItems', 'anyOf', 'oneOf', 'allOf'];
const holdsNamed = ['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'];
const keywords: ReadonlySet<string> = new Set([
  ...[
    ...holdsSchema,
    ...holdsSchemas,
    ...holdsNamed,
    'type',
    'enum',
    'const',
    'required',
    'dependentRequired',
    'dependencies',
  ],
  ...[
    'minProperties',
    'maxProperties',
    'minItems',
    'maxItems',
    'uniqueItems',
    'minContains',
    'maxContains',
    'pattern',
    'format',
  ],
  ...[
    'minLength',
    'maxLength',
    'minimum',
    'maximum',
    'exclusiveMinimum',
    'exclusiveMaximum',
    'multipleOf',
    'title',
    'default',
  ],
  ...[
    'unevaluatedItems',
    'unevaluatedProperties',
    '$id',
    'id',
    '$ref',
    '$schema',
    '$anchor',
    '$comment',
    'description',
    'example',
  ],
  ...[
    'examples',
    'deprecated',
    'readOnly',
    'writeOnly',
    'nullable',
    'contentEncoding',
    'contentMediaType',
    'contentSchema',
  ],
]);

function readSchema(schema: unknown, path: string, reading: Reading): void {
  if (typeof schema === 'boolean' || !reading.isSound) return;
  reading.nodes++;
  if (reading.nodes > mostNodes) refuse(reading, path, `The schema has more than ${mostNodes} parts.`);
  if (reading.depth >= mostLevels)
    refuse(reading, path, `The schema nests deeper than ${mostLevels} levels, or holds itself.`);
  if (!isJsonObject(schema)) refuse(reading, path, 'A schema is an object, true or false.');
  if (!isJsonObject(schema) || !reading.isSound) return;
  reading.depth++;
  for (const [key, value] of Object.entries(schema)) {
    if (!keywords.has(key)) readUnknown(key, path, reading);
    else readKeyword(key, value, `${path}.${key}`, reading);
  }
  reading.depth--;
}

/** Other names are notes, as JSON Schema has it; one that is nearly a keyword is a slip. */
function readUnknown(key: string, path: string, reading: Reading): void {
  const meant = closest(key, keywords);
  if (meant !== undefined) refuse(reading, `${path}.${key}`, `Unknown keyword "${key}". Did you mean "${meant}"?`);
}

function readKeyword(key: string, value: unknown, path: string, reading: Reading): void {
  if (key === 'pattern') readPatterns([value], path, reading);
  else if (key === 'patternProperties') readPatterns(Object.keys(value ?? {}), path, reading);
  else if (key === '$ref') reading.references.push({ reference: value, path });
  else if (key === 'uniqueItems' && value === true) reading.maxLength = Math.min(reading.maxLength, longestUnique);
  if (holdsNamed.includes(key)) {
    for (const [name, inner] of Object.entries(value ?? {})) readSchema(inner, `${path}.${name}`, reading);
  } else if (holdsSchemas.includes(key) && Array.isArray(value)) {
    value.forEach((inner, index) => {
      readSchema(inner, `${path}[${index}]`, reading);
    });
  } else if (holdsSchema.includes(key) || holdsSchemas.includes(key)) readSchema(value, path, reading);
}

function readPatterns(patterns: readonly unknown[], path: string, reading: Reading): void {
  for (const pattern of patterns) {
    const safe = typeof pattern === 'string' ? safePattern(pattern, 'u', 'replace') : 'A pattern is a text.';
    if (typeof safe === 'string') refuse(reading, path, safe);
    else reading.maxLength = Math.min(reading.maxLength, safe.maxLength);
  }
}

/** `#/$defs/name` must be there; other addresses are looked for by the validator, among the schema's own IDs and anchors only. */
function checkReference({ reference, path }: Reference, reading: Reading): void {
  const problem = problemOfReference(reference, reading.root);
  if (problem !== undefined) refuse(reading, path, problem);
}

function problemOfReference(reference: unknown, root: unknown): string | undefined {
  if (typeof reference !== 'string') return 'A reference is a text.';
  if (reference.startsWith('#/')) {
    return pointedAt(reference, root) === undefined
      ? `The schema has nothing at ${JSON.stringify(reference)}.`
      : undefined;
  }
  if (reference.startsWith('#') || /"\$?id":/.test(JSON.stringify(root))) return undefined;
  return `Nothing outside of the schema is looked up: ${JSON.stringify(reference)}.`;
}

function pointedAt(pointer: string, root: unknown): unknown {
  const steps = pointer
    .slice(2)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? (at as JsonObject)[step] : undefined,
    root,
  );
}
