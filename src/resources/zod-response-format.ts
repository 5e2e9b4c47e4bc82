import { PortkeyError } from '../core/errors/portkey-error.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { parseJson } from './chat-parse.ts';
import { UnparsableContentError } from './parse-errors.ts';
import {
  type ParseableResponseFormat,
  type ParseableTextFormat,
  type ParseableTool,
  parseableFormat,
  parseableTool,
} from './parseable.ts';
import { strictJsonSchema } from './strict-json-schema.ts';

/**
 * A strict `response_format` of a zod schema. `parse()`, `stream()` and `runTools()` parse the answer with it into
 * `message.parsed`. Takes zod 4.2 or later, and any schema with Standard Schema's `validate` and `jsonSchema`
 * (standardschema.dev): no schema library is imported here. Throws when strict mode cannot say what the schema asks for.
 */
export function zodResponseFormat<Schema extends SchemaLike>(
  schema: Schema,
  name: string,
  options: { readonly description?: string | undefined } = {},
): ParseableResponseFormat<SchemaOutput<Schema>> {
  const json_schema = { ...described(options), name, strict: true, schema: { ...jsonSchemaOf(schema, name) } };
  return parseableFormat({ type: 'json_schema', json_schema }, (content) => parseWith(schema, 'The content', content));
}

/**
 * The same as `text: { format }` of a response: `responses.parse()` parses the answer with it into `output_parsed`. Throws as
 * {@link zodResponseFormat} does.
 */
export function zodTextFormat<Schema extends SchemaLike>(
  schema: Schema,
  name: string,
  options: { readonly description?: string | undefined } = {},
): ParseableTextFormat<SchemaOutput<Schema>> {
  const definition = { ...described(options), name, strict: true, schema: { ...jsonSchemaOf(schema, name) } };
  return parseableFormat({ type: 'json_schema', ...definition }, (content) =>
    parseWith(schema, 'The content', content),
  );
}

/**
 * A strict function tool of a zod schema. `parse()` and `stream()` parse its arguments into `parsed_arguments`;
 * `runTools()` calls `function` with them.
 */
export function zodFunction<Schema extends SchemaLike>(options: {
  readonly name: string;
  readonly parameters: Schema;
  readonly function?: ((args: SchemaOutput<Schema>) => unknown) | undefined;
  readonly description?: string | undefined;
}): ParseableTool<SchemaOutput<Schema>> {
  const { name, parameters } = options;
  const definition = { ...described(options), name, strict: true, parameters: { ...jsonSchemaOf(parameters, name) } };
  return parseableTool(
    { type: 'function', function: definition },
    (args) => parseWith(parameters, `The call of "${name}"`, args),
    options.function,
  );
}

/** A schema as Standard Schema describes it, as far as it is used here. */
export interface SchemaLike {
  readonly '~standard': {
    readonly vendor: string;
    readonly validate: (value: unknown) => unknown;
    readonly types?: { readonly input: unknown; readonly output: unknown } | undefined;
    readonly jsonSchema?: { readonly input: (options: { target: 'draft-2020-12' }) => object } | undefined;
  };
}

/** What a schema makes of what it accepts. */
export type SchemaOutput<Schema extends SchemaLike> = NonNullable<Schema['~standard']['types']>['output'];

function described(options: { readonly description?: string | undefined }): { description?: string } {
  return options.description === undefined ? {} : { description: options.description };
}

function jsonSchemaOf(schema: SchemaLike, name: string): JsonObject {
  const { jsonSchema, vendor } = schema['~standard'];
  if (jsonSchema === undefined) {
    throw new PortkeyError(
      'invalid_request',
      `Schema "${name}" (of ${vendor}) cannot be turned into JSON Schema. Use zod 4.2 or later (not zod/mini), or a library with Standard JSON Schema.`,
    );
  }
  return strictJsonSchema(jsonSchema.input({ target: 'draft-2020-12' }) as JsonObject);
}

function parseWith<Schema extends SchemaLike>(schema: Schema, what: string, text: string): SchemaOutput<Schema> {
  const result = schema['~standard'].validate(parseJson(what, text));
  if (!isJsonObject(result) || result instanceof Promise) {
    throw new PortkeyError('invalid_request', `${what} cannot be parsed: its schema validates asynchronously.`);
  }
  const { issues } = result;
  if (Array.isArray(issues)) throw new UnparsableContentError(what, text, new Error(issues.map(issueText).join('; ')));
  return result['value'];
}

function issueText(issue: { readonly message: string; readonly path?: readonly unknown[] }): string {
  const keys = (issue.path ?? []).map((key) => (isJsonObject(key) ? key['key'] : key));
  return keys.length === 0 ? issue.message : `${keys.join('.')}: ${issue.message}`;
}
