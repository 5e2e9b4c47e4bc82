import { PortkeyError } from '../core/errors/portkey-error.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';

/**
 * `schema` as OpenAI's strict mode wants it (Structured Outputs guide, supported schemas): every property required, no
 * others allowed, `anyOf` for `oneOf`, no `default`, no `$ref` beside other keywords. Throws a `PortkeyError` with the
 * JSON path of what strict mode cannot say.
 */
export function strictJsonSchema(schema: JsonObject): JsonObject {
  const { $schema: _, ...root } = schema;
  if (root['type'] !== 'object') fail('#', 'is not an object; wrap it in one');
  return strict(root, '#', root);
}

function strict(node: JsonObject, path: string, root: JsonObject): JsonObject {
  const { $ref: ref, default: _, ...rest } = node;
  if (typeof ref === 'string') {
    return Object.keys(rest).length === 0
      ? { $ref: ref }
      : strict({ ...resolve(ref, path, root), ...rest }, path, root);
  }
  for (const keyword of unsupported)
    if (keyword in node) fail(path, `uses "${keyword}", which strict mode does not know`);
  const entries = Object.entries(rest).map(([keyword, value]) => strictKeyword(keyword, value, { path, root }));
  const made: JsonObject = Object.fromEntries(entries);
  return node['type'] === 'object' || 'properties' in node ? closed(made, node, path) : made;
}

const unsupported = [
  'allOf',
  'not',
  'if',
  'then',
  'else',
  'dependentRequired',
  'dependentSchemas',
  'patternProperties',
];
const mapsOfSchemas = ['properties', '$defs', 'definitions'];
const listsOfSchemas = ['anyOf', 'oneOf', 'prefixItems'];

function strictKeyword(keyword: string, value: unknown, { path, root }: Place): [string, unknown] {
  const within = (key: string | number, schema: unknown) =>
    isJsonObject(schema) ? strict(schema, `${path}/${keyword}/${key}`, root) : schema;
  if (mapsOfSchemas.includes(keyword) && isJsonObject(value)) {
    return [keyword, Object.fromEntries(Object.entries(value).map(([key, schema]) => [key, within(key, schema)]))];
  }
  if (listsOfSchemas.includes(keyword) && Array.isArray(value)) {
    return [keyword === 'oneOf' ? 'anyOf' : keyword, value.map((schema, index) => within(index, schema))];
  }
  if (keyword === 'items' && isJsonObject(value)) return [keyword, strict(value, `${path}/items`, root)];
  return [keyword, value];
}

interface Place {
  readonly path: string;
  readonly root: JsonObject;
}

function closed(made: JsonObject, node: JsonObject, path: string): JsonObject {
  const { additionalProperties: others = false } = made;
  if (others !== false && !isNever(others)) {
    fail(path, 'allows properties of any name (a record?); strict mode needs them all listed');
  }
  const properties = isJsonObject(node['properties']) ? node['properties'] : {};
  const required = Array.isArray(node['required']) ? node['required'] : [];
  for (const [name, property] of Object.entries(properties)) {
    if (!required.includes(name) && !mayBeLeftToModel(property)) {
      fail(
        `${path}/properties/${name}`,
        'is optional; strict mode requires every property. Make it nullable() instead',
      );
    }
  }
  return {
    ...made,
    properties: made['properties'] ?? {},
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

/** An optional property that has a default, or may be null, loses nothing when the model must always write it. */
function mayBeLeftToModel(property: unknown): boolean {
  if (!isJsonObject(property)) return false;
  const { type, anyOf, oneOf } = property;
  const variants = [anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? list : []));
  return 'default' in property || [type].flat().includes('null') || variants.some(isNull);
}

function isNull(schema: unknown): boolean {
  return isJsonObject(schema) && schema['type'] === 'null';
}

function isNever(schema: unknown): boolean {
  return isJsonObject(schema) && isJsonObject(schema['not']) && Object.keys(schema['not']).length === 0;
}

function resolve(ref: string, path: string, root: JsonObject): JsonObject {
  let found: unknown = root;
  for (const key of ref.split('/').slice(1)) {
    const name = decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~');
    found = isJsonObject(found) ? found[name] : undefined;
  }
  return ref.startsWith('#') && isJsonObject(found) ? found : fail(path, `refers to "${ref}", which is not there`);
}

function fail(path: string, what: string): never {
  throw new PortkeyError('invalid_request', `The schema at ${path} ${what}.`);
}
