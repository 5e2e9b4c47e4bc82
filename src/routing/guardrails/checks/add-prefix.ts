import * as z from 'zod/mini';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Subject } from '../check.ts';
import { otherCheck } from '../check-kind.ts';

/** `default.addPrefix`: puts a text before the first message of a role, before a prompt, or where there is no such message, makes one. */
export const addPrefix = otherCheck(
  {
    prefix: z.string().check(z.minLength(1)),
    applyToRole: z.optional(z.enum(['user', 'system', 'developer', 'assistant'])),
    addToExisting: z.optional(z.boolean()),
    onlyIfEmpty: z.optional(z.boolean()),
  },
  ({ prefix, applyToRole = 'user', addToExisting = true, onlyIfEmpty = false }) => ({
    changes: true,
    run(subject) {
      const body = prefixed(subject, { prefix, role: applyToRole, addToExisting, onlyIfEmpty });
      if (body !== undefined) return { verdict: true, change: { kind: 'body', body } };
      return { verdict: true, data: { explanation: 'There is nothing to put it before.' } };
    },
  }),
  'input',
);

interface Prefix {
  readonly prefix: string;
  readonly role: string;
  readonly addToExisting: boolean;
  readonly onlyIfEmpty: boolean;
}

function prefixed({ endpoint, request }: Subject, rule: Prefix): JsonObject | undefined {
  if (endpoint === 'completions' && typeof request.prompt === 'string')
    return rule.onlyIfEmpty ? undefined : { ...request, prompt: rule.prefix + request.prompt };
  if (endpoint === 'responses') return prefixedResponse(request, rule);
  if (endpoint === 'messages' && rule.role === 'system') return prefixedSystem(request, 'system', rule);
  const { messages } = request;
  if ((endpoint !== 'chat/completions' && endpoint !== 'messages') || !Array.isArray(messages)) return undefined;
  const changed = withPrefix(messages, rule, 'text');
  return changed && { ...request, messages: changed };
}

/** `input` may be a text, which is what the user says, and `instructions` stand apart. */
function prefixedResponse(request: JsonObject, rule: Prefix): JsonObject | undefined {
  if (rule.role === 'system' || rule.role === 'developer') return prefixedSystem(request, 'instructions', rule);
  const { input } = request;
  const messages = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  const changed = Array.isArray(messages) ? withPrefix(messages, rule, 'input_text') : undefined;
  return changed && { ...request, input: changed };
}

function prefixedSystem(request: JsonObject, key: 'system' | 'instructions', rule: Prefix): JsonObject | undefined {
  const given = request[key];
  const isThere = given !== undefined && given !== null && given !== '';
  if (isThere && rule.onlyIfEmpty) return undefined;
  return { ...request, [key]: joined(rule.prefix, isThere ? given : '', 'text') };
}

function withPrefix(messages: readonly unknown[], rule: Prefix, partType: string): readonly unknown[] | undefined {
  const { prefix, role, addToExisting, onlyIfEmpty } = rule;
  const at = messages.findIndex((message) => isJsonObject(message) && message.role === role);
  const own = { role, content: prefix };
  if (at < 0) return role === 'system' || role === 'developer' ? [own, ...messages] : [...messages, own];
  if (onlyIfEmpty) return undefined;
  if (!addToExisting) return messages.toSpliced(at, 0, own);
  const message = messages[at] as JsonObject;
  return messages.with(at, { ...message, content: joined(prefix, message.content, partType) });
}

function joined(prefix: string, content: unknown, partType: string): unknown {
  if (Array.isArray(content)) return [{ type: partType, text: prefix }, ...content];
  return typeof content === 'string' ? prefix + content : prefix;
}
