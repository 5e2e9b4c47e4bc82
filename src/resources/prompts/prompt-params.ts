import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { NewPromptVersion } from './prompt.ts';
import type { PromptUpdateParams } from './prompt-types.ts';

const members = [
  'name',
  'slug',
  'string',
  'parameters',
  'virtual_key',
  'model',
  'functions',
  'tools',
  'tool_choice',
  'version_description',
  'template_metadata',
  'collection_id',
];

/** What a payload says of a version. Throws `InvalidRequestError`. */
export function toVersionChanges(body: PromptUpdateParams): Partial<NewPromptVersion> {
  const unknown = Object.keys(body).find((name) => !members.includes(name));
  if (unknown !== undefined) throw invalid(unknown, `is no member of a prompt. It has ${members.join(', ')}`);
  const { string, parameters, model, virtual_key, version_description, functions, tools, tool_choice } = body;
  const given = Object.entries({ functions, tools, tool_choice }).filter(([, value]) => value !== undefined);
  if (parameters !== undefined && !isJsonObject(parameters))
    throw invalid('parameters', 'must be an object, such as { "temperature": 0.2 }');
  const hasParameters = parameters !== undefined || given.length > 0;
  return {
    ...(string === undefined ? {} : { template: toTemplate(string) }),
    ...(hasParameters ? { parameters: { ...parameters, ...Object.fromEntries(given) } } : {}),
    ...text('model', model, 'model'),
    ...text('virtual_key', virtual_key, 'virtualKey'),
    ...text('version_description', version_description, 'description'),
  };
}

/** The name of a prompt. Throws `InvalidRequestError`. */
export function checkName(name: unknown): string {
  if (typeof name === 'string' && name.trim() !== '' && name.length <= 200) return name;
  throw invalid('name', 'must be a text of 1 to 200 characters');
}

function text(member: string, value: unknown, name: keyof NewPromptVersion): Partial<NewPromptVersion> {
  if (value === undefined || value === null) return {};
  if (typeof value === 'string') return { [name]: value };
  throw invalid(member, 'must be a text');
}

function toTemplate(given: unknown): NewPromptVersion['template'] {
  const value = typeof given === 'string' ? (messagesIn(given) ?? given) : given;
  if (typeof value === 'string' && value !== '') return value;
  if (Array.isArray(value) && value.length > 0 && value.every(isMessage)) return value;
  throw invalid(
    'string',
    'must be the text of a prompt, or messages such as [{ "role": "user", "content": "{{question}}" }]',
  );
}

/** A text may be the JSON of messages; undefined where it is none. */
function messagesIn(given: string): unknown {
  if (!/^\s*\[/.test(given)) return undefined;
  try {
    const value: unknown = JSON.parse(given);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(value: unknown): value is JsonObject {
  return isJsonObject(value) && typeof value.role === 'string';
}

function invalid(name: string, problem: string): InvalidRequestError {
  return new InvalidRequestError(name, `"${name}" ${problem}.`);
}
