import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadedDialect } from '../../src/core/dialect-parts.ts';
import { APIError } from '../../src/core/errors/index.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { providers } from '../../src/providers/hosts/index.ts';
import { deepFreeze, scopeOf } from '../providers/dialects/support/codec.ts';
import { conversations, parameters, tools } from './arbitrary-chat.ts';
import { readers } from './readers/index.ts';
import { readOpenAi } from './readers/openai.ts';
import { type Conversation, numbered, type Said } from './readers/turns.ts';
import { type Run, runsOf } from './runs.ts';

const runs = (['azure', 'anthropic', 'google', 'bedrock', 'cohere'] as const).flatMap(runsOf);
/** Hosts of OpenAI's format that between them have every kind of quirk. */
const quirky = ['openai', 'groq', 'mistral-ai', 'ollama'];
const compatible = (['openai-compatible-a-to-h', 'openai-compatible-i-to-o'] as const)
  .flatMap(runsOf)
  .filter(({ provider }) => quirky.includes(provider.name));
const runsPerTest = { numRuns: 50 };

describe.each([...runs, ...compatible].map((run) => [run.title, run] as const))('%s', (_, run) => {
  it('loses no text, image, call, argument or result, keeps their order, and pairs results with their calls', () => {
    fc.assert(
      fc.property(conversations, (messages) => {
        const { body } = encoded(run, { messages });
        const read = readers[run.format](body);
        expect(paired(read)).toEqual(paired(readOpenAi({ messages })));
      }),
      runsPerTest,
    );
  });

  it('sends every tool with its name, description and schema', () => {
    fc.assert(
      fc.property(tools, (given) => {
        const { body } = encoded(run, { messages: [{ role: 'user', content: 'Hi' }], tools: given });
        for (const { function: fn } of given as readonly { readonly function: JsonObject }[]) {
          const { name, description, parameters: schema } = fn;
          const sent = objectsIn(body).find((object) => object.name === name && object.description === description);
          expect(sent).toBeDefined();
          expect([sent, ...objectsIn(sent)]).toContainEqual(schema);
        }
      }),
      runsPerTest,
    );
  });

  it('ignores no parameter silently: each changes the request, or is reported', () => {
    fc.assert(
      fc.property(parameters, (given) => {
        const request = { messages: [{ role: 'user', content: 'Hi' }], tools: [tool], ...given };
        const { wire, dropped } = encodedOrRefused(run, request);
        const silent = Object.keys(given).filter((name) => {
          if (dropped.some((path) => path === name || path.startsWith(`${name}.`))) return false;
          const { [name]: _left, ...without } = request as JsonObject;
          return JSON.stringify(encodedOrRefused(run, without).wire) === JSON.stringify(wire);
        });
        expect(silent).toEqual([]);
      }),
      runsPerTest,
    );
  });

  it('sends temperature, top_p, limit, stop and seed as they are, where it does not report them', () => {
    fc.assert(
      fc.property(parameters, ({ temperature, top_p, max_completion_tokens, stop, seed }) => {
        const given = Object.entries({ temperature, top_p, max_completion_tokens, stop: [stop ?? []].flat(), seed });
        const asked = given.filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
        const { body, dropped } = encoded(run, {
          messages: [{ role: 'user', content: 'Hi' }],
          ...Object.fromEntries(asked),
        });
        const values = valuesIn(body);
        for (const [name, value] of asked) if (!dropped.includes(name)) expect(values).toContainEqual(value);
      }),
      runsPerTest,
    );
  });
});

const tool = {
  type: 'function',
  function: { name: 'f', description: 'A tool', parameters: { type: 'object', properties: {} } },
};

interface Encoded {
  readonly wire: unknown;
  readonly body: JsonObject;
  readonly dropped: readonly string[];
}

const dialects = new Map(
  await Promise.all(providers.map(async (provider) => [provider, await loadedDialect(provider.dialect)] as const)),
);

/** The request as the provider's host and dialect make it; the caller's body is frozen. */
function encoded(run: Run, given: JsonObject): Encoded {
  const { provider, model } = run;
  const body = deepFreeze({ ...given, model });
  const scope = scopeOf({ body, model });
  const codec = dialects.get(provider)?.codecs['chat/completions'];
  if (codec === undefined) throw new Error(`${provider.name} has no chat`);
  const wire = codec.encode(provider.adapt?.(body, scope) ?? body, scope);
  return { wire, body: JSON.parse(JSON.stringify(wire.body)), dropped: scope.dropped };
}

/** A refusal names what it refuses, so it reports it. */
function encodedOrRefused(run: Run, given: JsonObject): Encoded {
  try {
    return encoded(run, given);
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    return { wire: error.message, body: {}, dropped: [error.param ?? ''] };
  }
}

/** Results of one turn in the order of their calls, and all IDs as numbers: what is left is the pairing. */
function paired(conversation: Conversation): Conversation {
  const { instructions, said } = numbered(conversation);
  const turns: Said[][] = [];
  for (const one of said) {
    const last = turns.at(-1)?.at(-1);
    if (last !== undefined && 'result' in last[1] === 'result' in one[1]) turns.at(-1)?.push(one);
    else turns.push([one]);
  }
  return { instructions, said: turns.flatMap((turn) => turn.toSorted((one, other) => rankOf(one) - rankOf(other))) };
}

function rankOf([, item]: Said): number {
  return 'result' in item ? Number(item.result.id.slice('call '.length)) : 0;
}

function objectsIn(value: unknown): readonly JsonObject[] {
  return valuesIn(value).filter(
    (inner): inner is JsonObject => typeof inner === 'object' && inner !== null && !Array.isArray(inner),
  );
}

/** Everything inside `value`, at any depth. */
function valuesIn(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((inner) => [inner, ...valuesIn(inner)]);
}
