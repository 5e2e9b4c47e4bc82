import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { hasInk, objectsIn, omit, stringOr } from '../values.ts';

/**
 * `schema` within the part of JSON Schema that Anthropic can enforce: objects are closed, `oneOf` is `anyOf`, and a keyword
 * it refuses is told in the description instead. Source: Claude docs, "Structured outputs: JSON Schema limitations".
 */
export function constrainedSchema(schema: JsonObject): JsonObject {
  const refused = Object.entries(schema).filter(([keyword, value]) => isRefused(keyword, value));
  const kept = omit(schema, ['$schema', 'oneOf', ...refused.map(([keyword]) => keyword)]);
  const variants = schema['anyOf'] ?? schema['oneOf'];
  return {
    ...mapSubschemas(variants === undefined ? kept : { ...kept, anyOf: variants }, constrainedSchema),
    ...(isObjectSchema(schema) ? { additionalProperties: false } : {}),
    ...(refused.length === 0 ? {} : { description: withRules(schema['description'], refused) }),
  };
}

/**
 * Can `schema` be enforced without changing what it allows by more than closing its objects? Not when it is recursive or
 * has objects with free keys.
 */
export function isConstrainable(schema: JsonObject): boolean {
  return !hasFreeKeys(schema) && !isRecursive(schema, schema, []);
}

const refusedKeywords = new Set([
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength'],
  ...['maxItems', 'uniqueItems', 'contains', 'minContains', 'maxContains', 'prefixItems', 'unevaluatedItems'],
  ...['minProperties', 'maxProperties', 'patternProperties', 'propertyNames', 'unevaluatedProperties'],
  ...['not', 'if', 'then', 'else', 'dependentRequired', 'dependentSchemas', 'contentEncoding', 'contentMediaType'],
]);

const formats = new Set([
  ...['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid'],
]);

function isRefused(keyword: string, value: unknown): boolean {
  if (keyword === 'minItems') return value !== 0 && value !== 1;
  if (keyword === 'format') return !formats.has(stringOr(value));
  return refusedKeywords.has(keyword);
}

function withRules(description: unknown, rules: readonly (readonly [string, unknown])[]): string {
  const told = rules.map(([keyword, value]) => `${keyword}: ${JSON.stringify(value)}`).join(', ');
  return [stringOr(description), `(${told})`].filter(hasInk).join(' ');
}

function isObjectSchema(schema: JsonObject): boolean {
  const { type } = schema;
  return type === 'object' || (Array.isArray(type) && type.includes('object')) || isJsonObject(schema['properties']);
}

const mapsOfSchemas = ['properties', '$defs', 'definitions'];
const listsOfSchemas = ['anyOf', 'allOf', 'oneOf'];

function mapSubschemas(schema: JsonObject, change: (subschema: JsonObject) => JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (mapsOfSchemas.includes(keyword) && isJsonObject(value)) return [keyword, mapValues(value, change)];
      if (listsOfSchemas.includes(keyword)) return [keyword, objectsIn(value).map(change)];
      return [keyword, keyword === 'items' && isJsonObject(value) ? change(value) : value];
    }),
  );
}

function mapValues(schemas: JsonObject, change: (subschema: JsonObject) => JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, isJsonObject(schema) ? change(schema) : schema]),
  );
}

function subschemas(schema: JsonObject): readonly JsonObject[] {
  return [
    ...mapsOfSchemas.flatMap((keyword) => {
      const map = schema[keyword];
      return isJsonObject(map) ? Object.values(map).filter(isJsonObject) : [];
    }),
    ...listsOfSchemas.flatMap((keyword) => objectsIn(schema[keyword])),
    ...objectsIn([schema['items']]),
  ];
}

function hasFreeKeys(schema: JsonObject): boolean {
  const { additionalProperties: rest, properties } = schema;
  const isOpen = isObjectSchema(schema) && !isJsonObject(properties) && rest !== false && schema['$ref'] === undefined;
  return isOpen || isJsonObject(rest) || subschemas(schema).some(hasFreeKeys);
}

function isRecursive(schema: JsonObject, root: JsonObject, path: readonly JsonObject[]): boolean {
  if (path.includes(schema)) return true;
  const target = typeof schema['$ref'] === 'string' ? resolve(schema['$ref'], root) : undefined;
  const next = target === undefined ? inUse(schema) : [target, ...inUse(schema)];
  return next.some((subschema) => isRecursive(subschema, root, [...path, schema]));
}

/** Subschemas that apply here; definitions apply only where they are referred to. */
function inUse(schema: JsonObject): readonly JsonObject[] {
  return subschemas(omit(schema, ['$defs', 'definitions']));
}

function resolve(ref: string, root: JsonObject): JsonObject | undefined {
  if (!ref.startsWith('#')) return undefined;
  const keys = ref.slice(1).split('/').slice(1);
  const found = keys.reduce<unknown>((at, key) => {
    return isJsonObject(at) ? at[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  }, root);
  return isJsonObject(found) ? found : undefined;
}
