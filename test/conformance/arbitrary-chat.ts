import fc from 'fast-check';
import type { JsonObject } from '../../src/core/json.ts';

/** Text with at least one visible character: some providers refuse, and we leave out, what nobody could read. */
const text = fc
  .tuple(fc.constantFrom('a', 'ü', '東', '🙂', '"'), fc.string({ unit: 'grapheme', maxLength: 12 }))
  .map(([first, rest]) => `${first}${rest}`);

const textPart = text.map((words) => ({ type: 'text', text: words }));

const imagePart = fc
  .tuple(fc.constantFrom('png', 'jpeg', 'gif', 'webp'), fc.base64String({ minLength: 4, maxLength: 16 }))
  .map(([type, data]) => ({ type: 'image_url', image_url: { url: `data:image/${type};base64,${data}` } }));

const instruction = fc.record({
  role: fc.constantFrom('system', 'developer'),
  content: fc.oneof(text, fc.array(textPart, { minLength: 1, maxLength: 3 })),
});

const user = fc.record({
  role: fc.constant('user'),
  content: fc.oneof(text, fc.array(fc.oneof(textPart, imagePart), { minLength: 1, maxLength: 4 })),
});

const argumentText = fc
  .dictionary(fc.string({ maxLength: 6 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
  .map((value) => JSON.stringify(value));

/** Text, JSON of an object, JSON of something else, nothing. */
const resultContent = fc.oneof(
  text,
  fc.constantFrom('', '{"degrees":21}', '[1,2]', 'null'),
  fc.array(textPart, { minLength: 1, maxLength: 2 }),
);

interface Called {
  readonly said: string | null;
  /** Any number; their order is the calls'. */
  readonly calls: readonly {
    readonly id: string;
    readonly name: string;
    readonly text: string;
    readonly result: unknown;
    readonly rank: number;
  }[];
}

/** A turn with parallel calls, answered in any order. `ids` are what the calls may be called. */
function called(ids: fc.Arbitrary<string>): fc.Arbitrary<Called> {
  const call = fc.record({
    id: ids,
    name: fc.constantFrom('f', 'get_weather', 'Tool-3'),
    text: argumentText,
    result: resultContent,
    rank: fc.nat(),
  });
  return fc.record({
    said: fc.option(text),
    calls: fc.uniqueArray(call, { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
  });
}

function messagesOf({ said, calls }: Called, prefix: string): readonly JsonObject[] {
  const idOf = (id: string) => `${prefix}${id}`;
  return [
    {
      role: 'assistant',
      content: said,
      tool_calls: calls.map(({ id, name, text: words }) => ({
        id: idOf(id),
        type: 'function',
        function: { name, arguments: words },
      })),
    },
    ...calls
      .toSorted((one, other) => one.rank - other.rank)
      .map(({ id, result }) => ({ role: 'tool', tool_call_id: idOf(id), content: result })),
  ];
}

/** IDs as OpenAI makes them, as others do, and as nobody should. */
const toolIds = fc.oneof(
  fc.stringMatching(/^[a-zA-Z0-9]{9}$/),
  fc.stringMatching(/^[\w-]{1,24}$/),
  fc.string({ minLength: 1, maxLength: 16 }),
);

/** Conversations of every role: instructions, then turns of the user, the assistant, tool calls and their results in any order. */
export const conversations: fc.Arbitrary<readonly JsonObject[]> = fc
  .record({
    instructions: fc.array(instruction, { maxLength: 2 }),
    turns: fc.array(fc.record({ user, then: fc.oneof(text, called(toolIds)) }), { maxLength: 3 }),
    last: user,
  })
  .map(({ instructions, turns, last }) => [
    ...instructions,
    ...turns.flatMap((turn, index) => [
      turn.user,
      ...(typeof turn.then === 'string'
        ? [{ role: 'assistant', content: turn.then }]
        : messagesOf(turn.then, `${index}`)),
    ]),
    last,
  ]);

const schema = fc.constantFrom<JsonObject>(
  { type: 'object', properties: {} },
  { type: 'object', properties: { city: { type: 'string', description: 'Its name' } }, required: ['city'] },
  {
    type: 'object',
    properties: { list: { type: 'array', items: { type: 'integer' } }, unit: { type: 'string', enum: ['C', 'F'] } },
    required: ['list'],
    additionalProperties: false,
  },
);

/** Tools of different names. */
export const tools: fc.Arbitrary<readonly JsonObject[]> = fc.uniqueArray(
  fc.record({
    type: fc.constant('function'),
    function: fc.record({ name: fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), description: text, parameters: schema }),
  }),
  { minLength: 1, maxLength: 3, selector: (tool) => tool.function.name },
);

/** Parameters that ask for something, none of OpenAI's defaults among them. */
export const parameters: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      temperature: fc.constantFrom(0.1, 0.35, 0.9),
      top_p: fc.constantFrom(0.15, 0.85),
      max_completion_tokens: fc.constantFrom(77, 4321),
      stop: fc.constantFrom<unknown>('END', ['END'], ['one', 'two']),
      seed: fc.constantFrom(7, 123_456),
      n: fc.constantFrom(2, 3),
      presence_penalty: fc.constantFrom(-0.55, 0.65),
      frequency_penalty: fc.constantFrom(-0.45, 0.25),
      logit_bias: fc.constant({ 50256: -100 }),
      logprobs: fc.constant(true),
      top_logprobs: fc.constantFrom(2, 5),
      user: fc.constant('user-1'),
      metadata: fc.constant({ team: 'blue' }),
      store: fc.constant(true),
      service_tier: fc.constantFrom('flex', 'priority'),
      parallel_tool_calls: fc.constant(false),
      prediction: fc.constant({ type: 'content', content: 'Hello' }),
      verbosity: fc.constantFrom('low', 'high'),
      prompt_cache_key: fc.constant('key'),
      safety_identifier: fc.constant('user-2'),
      modalities: fc.constant(['text', 'audio']),
      reasoning_effort: fc.constantFrom('low', 'high'),
      response_format: fc.constantFrom<JsonObject>(
        { type: 'json_object' },
        { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object', properties: {} } } },
      ),
      // Beside a tool that is called "f".
      tool_choice: fc.constantFrom<unknown>('none', 'required', { type: 'function', function: { name: 'f' } }),
      web_search_options: fc.constant({ search_context_size: 'low' }),
    },
    { requiredKeys: [] },
  )
  .map(withoutMoot);

/** Where no tool may be called, none is called beside another; where one must be, no answer in JSON comes. */
function withoutMoot(given: JsonObject): JsonObject {
  const { tool_choice: choice } = given;
  if (choice === undefined) return given;
  const { [choice === 'none' ? 'parallel_tool_calls' : 'response_format']: _moot, ...rest } = given;
  return rest;
}
