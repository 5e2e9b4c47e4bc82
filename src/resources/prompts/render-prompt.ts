import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import type { ModelRequest } from '../../core/handler.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { PromptVersion } from './prompt.ts';
import { parseTemplate, type Variables } from './template.ts';

/** The request that a version of a prompt makes of these variables; `overrides` beat what the version says. Throws `InvalidRequestError`. */
export function renderPrompt(
  { template, parameters, model }: PromptVersion,
  variables: unknown,
  overrides: JsonObject,
): ModelRequest & { readonly endpoint: 'completions' | 'chat/completions' } {
  if (variables !== undefined && !isJsonObject(variables))
    throw new InvalidRequestError('variables', '"variables" must be an object, such as { "name": "Ada" }.');
  const isText = typeof template === 'string';
  const rendered = isText
    ? { prompt: renderText(template, variables ?? {}) }
    : { messages: template.map((message) => renderAll(message, variables ?? {})) };
  const body = { ...(model === undefined ? {} : { model }), ...parameters, ...rendered, ...overrides };
  return { endpoint: isText ? 'completions' : 'chat/completions', body };
}

/** Reads every text of a template, so that a mistake is told when it is written. Throws `InvalidRequestError`. */
export function checkTemplate(template: PromptVersion['template']): void {
  renderAll(template, {});
}

/** Texts at any depth: of the parts of a message, of its tool calls. */
function renderAll(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') return renderText(value, variables);
  if (Array.isArray(value)) return value.map((item) => renderAll(item, variables));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, renderAll(member, variables)]));
}

const known = new Map<string, ReturnType<typeof parseTemplate>>();
const keptAtMost = 500;

function renderText(text: string, variables: Variables): string {
  if (!text.includes('{{')) return text;
  const template = known.get(text) ?? parseTemplate(text);
  if (known.size >= keptAtMost) known.clear();
  known.set(text, template);
  return template.render(variables);
}
