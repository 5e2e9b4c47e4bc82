import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Call, Failure } from '../wire-format.ts';

/** What Gemini refuses in a request for content; the parts a translation may get wrong. */
export function checkGenerate({ body }: Call): Failure | undefined {
  const extra = Object.keys(body).find((name) => !fields.has(camelCase(name)));
  if (extra !== undefined) return unknownName(extra, '');
  const { contents } = body;
  if (!Array.isArray(contents) || contents.length === 0) {
    return refused('* GenerateContentRequest.contents: contents is not specified');
  }
  for (const [index, content] of contents.entries()) {
    const failure = checkContent(content, index);
    if (failure !== undefined) return failure;
  }
  return checkFunctionTurns(contents as readonly JsonObject[]) ?? checkSchemas(body);
}

/** Members of a request, in the spelling of JSON; Google's JSON also takes them in snake_case. */
const fields = new Set([
  'cachedContent',
  'contents',
  'generationConfig',
  'labels',
  'model',
  'modelArmorConfig',
  'safetySettings',
  'serviceTier',
  'store',
  'systemInstruction',
  'toolConfig',
  'tools',
]);

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function refused(message: string): Failure {
  return { kind: 'invalid_request', message };
}

function unknownName(name: string, at: string): Failure {
  const place = at === '' ? '' : ` at '${at}'`;
  return refused(`Invalid JSON payload received. Unknown name "${name}"${place}: Cannot find field.`);
}

function checkContent(content: unknown, index: number): Failure | undefined {
  if (!isJsonObject(content)) return refused(`Invalid value at 'contents[${index}]', it must be an object.`);
  if (content.role !== undefined && !['user', 'model', 'function'].includes(content.role as string)) {
    return refused('Please use a valid role: user, model.');
  }
  const { parts } = content;
  if (Array.isArray(parts) && parts.length > 0 && parts.every(isJsonObject)) return undefined;
  return refused(`* GenerateContentRequest.contents[${index}].parts: contents.parts must not be empty.`);
}

/** A turn with function calls is followed by a turn with as many responses. */
function checkFunctionTurns(contents: readonly JsonObject[]): Failure | undefined {
  for (const [index, content] of contents.entries()) {
    const calls = count(content, 'functionCall');
    const answers = contents[index + 1];
    const given = answers === undefined ? 0 : count(answers, 'functionResponse');
    const stray = index === 0 && count(content, 'functionResponse') > 0;
    if (given !== calls || stray) return unequalTurns;
  }
  return undefined;
}

const unequalTurns = refused(
  'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
);

function count({ parts }: JsonObject, name: string): number {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return (parts as readonly JsonObject[]).filter((part) => part[name] !== undefined || part[snake] !== undefined)
    .length;
}

/** Keywords of JSON Schema that Gemini's `Schema` does not have. */
const foreignKeywords = new Set([
  '$schema',
  '$ref',
  '$defs',
  '$id',
  'definitions',
  'oneOf',
  'allOf',
  'not',
  'const',
  'patternProperties',
]);

function checkSchemas(body: JsonObject): Failure | undefined {
  for (const [index, tool] of list(body.tools).entries()) {
    for (const [at, declaration] of list(tool.functionDeclarations ?? tool.function_declarations).entries()) {
      const path = `tools[${index}].function_declarations[${at}].parameters`;
      const failure = checkSchema(declaration.parameters, path);
      if (failure !== undefined) return failure;
    }
  }
  const config = body.generationConfig ?? body.generation_config;
  if (!isJsonObject(config)) return undefined;
  return checkSchema(config.responseSchema ?? config.response_schema, 'generation_config.response_schema');
}

function list(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function checkSchema(schema: unknown, path: string): Failure | undefined {
  if (!isJsonObject(schema)) return undefined;
  const foreign = Object.keys(schema).find((name) => foreignKeywords.has(name));
  if (foreign !== undefined) return unknownName(foreign, path);
  const properties = isJsonObject(schema.properties) ? Object.entries(schema.properties) : [];
  for (const [name, inner] of [...properties, ['items', schema.items] as const]) {
    const failure = checkSchema(inner, `${path}.${name}`);
    if (failure !== undefined) return failure;
  }
  return undefined;
}
