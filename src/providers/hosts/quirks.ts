import type { Endpoint } from '../../core/endpoint.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { CodecScope, Provider } from '../../core/provider.ts';

/** Where a host departs from OpenAI's parameters, as data. Applied to chat, completions and embeddings. */
export interface Quirks {
  /** OpenAI's parameter to the host's. A parameter that the caller gave under the host's own name stays. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Values the host spells differently: parameter, OpenAI's value, the host's. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Parameters the host refuses; each one left out is reported. */
  readonly unsupported?: readonly string[];
  /** The role sent in place of `developer`, where the host knows no such role. */
  readonly developerRole?: 'system';
}

/** {@link Quirks.rename} of hosts that document `max_tokens` alone. */
export const maxTokensOnly = { max_completion_tokens: 'max_tokens' } as const;

/** `quirks` as a change of the body. A body without any of them is handed on as it is. */
export function adaptBy(quirks: Quirks, title: string): NonNullable<Provider['adapt']> {
  const { rename = {}, values = {}, unsupported = [], developerRole } = quirks;
  const steps: ((body: JsonObject, drop: CodecScope['drop']) => JsonObject)[] = [
    (body, drop) => without(body, unsupported, (param) => drop(param, `${title} does not support it`)),
    (body, drop) => renamed(body, rename, drop),
    (body) => respelled(body, values),
    (body) => (developerRole === undefined ? body : withRole(body, developerRole)),
  ];
  return (body, scope) =>
    adapted.has(scope.request.endpoint) ? steps.reduce((changed, step) => step(changed, scope.drop), body) : body;
}

const adapted: ReadonlySet<Endpoint> = new Set<Endpoint>(['chat/completions', 'completions', 'embeddings']);

function without(body: JsonObject, params: readonly string[], report: (param: string) => void): JsonObject {
  const present = params.filter((param) => body[param] !== undefined);
  if (present.length === 0) return body;
  for (const param of present) report(param);
  return Object.fromEntries(Object.entries(body).filter(([param]) => !present.includes(param)));
}

function renamed(body: JsonObject, names: Readonly<Record<string, string>>, drop: CodecScope['drop']): JsonObject {
  let changed = body;
  for (const [from, to] of Object.entries(names)) {
    if (changed[from] === undefined) continue;
    const { [from]: value, ...rest } = changed;
    if (rest[to] !== undefined) drop(from, `"${to}" is given too and beats it`);
    changed = { ...rest, [to]: rest[to] ?? value };
  }
  return changed;
}

function respelled(body: JsonObject, values: NonNullable<Quirks['values']>): JsonObject {
  let changed = body;
  for (const [param, spellings] of Object.entries(values)) {
    const value = body[param];
    const spelled = typeof value === 'string' && Object.hasOwn(spellings, value) ? spellings[value] : undefined;
    if (spelled !== undefined) changed = { ...changed, [param]: spelled };
  }
  return changed;
}

function withRole(body: JsonObject, role: string): JsonObject {
  const { messages } = body;
  if (!Array.isArray(messages) || !messages.some(isDeveloper)) return body;
  return { ...body, messages: messages.map((message) => (isDeveloper(message) ? { ...message, role } : message)) };
}

function isDeveloper(message: unknown): message is JsonObject {
  return isJsonObject(message) && message['role'] === 'developer';
}
