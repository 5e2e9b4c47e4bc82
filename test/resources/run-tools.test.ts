import { zodFunction as theirZodFunction } from 'openai/helpers/zod';
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { APIUserAbortError } from '../../src/core/errors/index.ts';
import { LengthFinishReasonError } from '../../src/resources/parse-errors.ts';
import { runTools } from '../../src/resources/run-tools.ts';
import { zodFunction, zodResponseFormat } from '../../src/resources/zod-response-format.ts';
import { call, chunk, finish, usageChunk } from '../core/openai/chunks.ts';
import { type Recorded, record } from './record-events.ts';
import { type Script, type ScriptedServer, scriptedServer } from './scripted-server.ts';

let server: ScriptedServer | undefined;
afterEach(() => server?.close());

const base = { model: 'm', messages: [{ role: 'user' as const, content: 'Weather?' }] };
const parameters = { type: 'object', properties: { city: { type: 'string' } } };
const names = (events: readonly Recorded[]) => events.map(([name]) => name);
const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, prompt_tokens_details: { cached_tokens: 1 } };

function answer(message: object, finish_reason = 'stop'): Script {
  const whole = { role: 'assistant', content: null, refusal: null, ...message };
  const choices = [{ index: 0, message: whole, finish_reason, logprobs: null }];
  return { json: { id: 'c', object: 'chat.completion', created: 7, model: 'm', choices, usage } };
}
const toolCall = (id: string, name: string, args: string) => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});
const asksFor = (...calls: [string, string, string][]) =>
  answer({ tool_calls: calls.map((each) => toolCall(...each)) }, 'tool_calls');

const weather = {
  type: 'function' as const,
  function: {
    name: 'weather',
    description: 'The weather',
    parameters,
    parse: JSON.parse as (text: string) => { city: string },
    function: async ({ city }: { city: string }) => ({ city, sky: 'clear' }),
  },
};
const rawTime = {
  type: 'function' as const,
  function: {
    description: 'The time',
    parameters,
    function: function time(text: string) {
      return `noon, asked with ${text}`;
    },
  },
};

async function run(scripts: Script[], params: object = {}, options: object = {}) {
  server = await scriptedServer(scripts);
  return runTools({ ...base, tools: [weather, rawTime], ...params }, server.ours, options);
}

const rounds: [string, object, Script[]][] = [
  ['no call at all', {}, [answer({ content: 'Sunny.' })]],
  [
    'two calls at once, then an answer',
    {},
    [asksFor(['a', 'weather', '{"city":"Paris"}'], ['b', 'time', '{"city":"Paris"}']), answer({ content: 'Sunny.' })],
  ],
  [
    'calls in turn',
    { parallel_tool_calls: false },
    [asksFor(['a', 'weather', '{"city":"Paris"}'], ['b', 'time', '{}']), answer({ content: 'Sunny.' })],
  ],
  [
    'a function it was made to call',
    { tool_choice: { type: 'function', function: { name: 'weather' } } },
    [asksFor(['a', 'weather', '{"city":"Paris"}'])],
  ],
  ['arguments that cannot be parsed', {}, [asksFor(['a', 'weather', '{"city":']), answer({ content: 'Sorry.' })]],
  ['a function that is not there', {}, [asksFor(['a', 'wether', '{}']), answer({ content: 'Sorry.' })]],
  [
    'an error of the provider',
    {},
    [asksFor(['a', 'weather', '{"city":"Paris"}']), { json: { error: { message: 'no' } }, status: 400 }],
  ],
];

describe('the events of a run are those of the openai package, in the same order', () => {
  it.each(rounds)('with %s', async (what, params, scripts) => {
    server = await scriptedServer([...scripts, ...scripts]);
    const body = { ...base, tools: [weather, rawTime] as const, ...params };
    const theirs = await record(server.openai.chat.completions.runTools(body as never));
    const ours = await record(runTools(body, server.ours));
    expect(names(ours)).toEqual(names(theirs));
    if (!what.includes('cannot') && !what.includes('not there')) expect(ours).toEqual(theirs);
    expect(server.received.length).toBe(2 * scripts.length);
  });

  it('with streamed answers', async () => {
    const scripts: Script[] = [
      {
        chunks: [
          chunk({ role: 'assistant', content: null }),
          chunk(call(0, '{"city":"Paris"}', { id: 'a', name: 'weather' })),
          finish('tool_calls'),
          usageChunk,
        ],
      },
      { chunks: [chunk({ role: 'assistant', content: '' }), chunk({ content: 'Sunny.' }), finish('stop'), usageChunk] },
    ];
    server = await scriptedServer([...scripts, ...scripts]);
    const body = { ...base, tools: [weather] as [typeof weather], stream: true as const };
    const theirs = await record(server.openai.chat.completions.runTools(body as never));
    const ours = await record(runTools(body, server.ours));
    expect(ours).toEqual(theirs);
  });
});

describe('a run', () => {
  it('sends the results back, and nothing that was parsed', async () => {
    const signed = answer(
      {
        tool_calls: [toolCall('a', 'weather', '{"city":"Paris"}')],
        thinking_blocks: [{ type: 'thinking', thinking: 't', signature: 's' }],
      },
      'tool_calls',
    );
    const runner = await run([signed, answer({ content: 'Sunny.' })]);
    expect(await runner.finalContent()).toBe('Sunny.');
    expect(server?.received[1]?.['messages']).toEqual([
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [toolCall('a', 'weather', '{"city":"Paris"}')],
        thinking_blocks: [{ type: 'thinking', thinking: 't', signature: 's' }],
      },
      { role: 'tool', tool_call_id: 'a', content: '{"city":"Paris","sky":"clear"}' },
    ]);
    expect(server?.received[1]?.['tools']).toEqual([
      { type: 'function', function: { name: 'weather', description: 'The weather', parameters } },
      { type: 'function', function: { name: 'time', description: 'The time', parameters } },
    ]);
    expect(runner.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
  });

  it('tells what it came to', async () => {
    const runner = await run([asksFor(['a', 'weather', '{"city":"Rome"}']), answer({ content: 'Sunny.' })]);
    expect(await runner.finalFunctionToolCall()).toEqual({ name: 'weather', arguments: '{"city":"Rome"}' });
    expect(await runner.finalFunctionToolCallResult()).toBe('{"city":"Rome","sky":"clear"}');
    expect(await runner.totalUsage()).toEqual({
      prompt_tokens: 6,
      completion_tokens: 4,
      total_tokens: 10,
      prompt_tokens_details: { cached_tokens: 2 },
    });
    expect(runner.allChatCompletions()).toHaveLength(2);
  });

  it.each([
    [undefined, 10],
    [3, 3],
  ])('with maxChatCompletions %s asks at most %i times', async (maxChatCompletions, times) => {
    const runner = await run(
      Array.from({ length: 12 }, () => asksFor(['a', 'time', '{}'])),
      {},
      { maxChatCompletions },
    );
    await runner.done();
    expect(server?.received.length).toBe(times);
    expect(runner.messages.at(-1)?.role).toBe('tool');
  });

  it('tells the model of its mistakes', async () => {
    const runner = await run([asksFor(['a', 'wether', '{}'], ['b', 'weather', '{']), answer({ content: 'Sorry.' })]);
    await runner.done();
    const results = runner.messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
    expect(results[0]).toBe('There is no function "wether". Call one of: weather, time.');
    expect(results[1]).toMatch(/JSON/);
  });

  it('gives calls without an ID one', async () => {
    const runner = await run([asksFor(['', 'time', '1'], ['', 'time', '2']), answer({ content: 'Done.' })]);
    await runner.done();
    const [first, second] = runner.messages.filter((message) => message.role === 'tool');
    expect(first?.tool_call_id).toBe('call_1_0');
    expect(second?.tool_call_id).toBe('call_1_1');
  });

  it('fails with what a function throws, once all have ended', async () => {
    const ended: string[] = [];
    const tool = (name: string, work: () => Promise<string>) => ({
      type: 'function' as const,
      function: { name, description: '', parameters, function: (_: string) => work() },
    });
    const tools = [
      tool('bad', async () => Promise.reject(new Error('broken'))),
      tool('slow', async () => {
        await new Promise((resolve) => setImmediate(resolve));
        ended.push('slow');
        return 'ok';
      }),
    ];
    const runner = await run([asksFor(['a', 'bad', ''], ['b', 'slow', ''])], { tools });
    await expect(runner.done()).rejects.toThrow('broken');
    expect(ended).toEqual(['slow']);
  });

  it('runs nothing on arguments cut off by the token limit', async () => {
    let ran = false;
    const cut = answer({ tool_calls: [toolCall('a', 'spy', '{"ci')] }, 'length');
    const spy = (_: string) => {
      ran = true;
    };
    const runner = await run([cut], {
      tools: [{ type: 'function', function: { name: 'spy', description: '', parameters, function: spy } }],
    });
    await expect(runner.done()).rejects.toBeInstanceOf(LengthFinishReasonError);
    expect(ran).toBe(false);
  });

  const nameless = (
    () => () =>
      ''
  )();
  it.each([
    [{ type: 'function', function: { name: 'f', parameters } }, 'Tool "f" cannot be run: it has no "function".'],
    [{ type: 'function', function: { parameters, function: nameless } }, 'neither it nor its function has a name'],
    [zodFunction({ name: 'f', parameters: z.object({}) }), 'Tool "f" cannot be run: give zodFunction() a "function".'],
  ])('fails before it asks when tool %j cannot be run', async (tool, message) => {
    const runner = await run([], { tools: [tool] });
    await expect(runner.done()).rejects.toThrow(message);
    expect(server?.received).toEqual([]);
  });

  it('aborted by a function asks no more', async () => {
    const stop = (_: string, runner: { abort(): void }) => runner.abort();
    const tools = [{ type: 'function', function: { name: 'stop', description: '', parameters, function: stop } }];
    const runner = await run([asksFor(['a', 'stop', ''])], { tools });
    await expect(runner.done()).rejects.toBeInstanceOf(APIUserAbortError);
    expect(server?.received.length).toBe(1);
  });
});

describe('functions with a schema', () => {
  const City = z.object({ city: z.string(), days: z.string().transform(Number) });
  const told: unknown[] = [];
  const callback = (args: { city: string; days: number }) => {
    told.push(args);
    return 'clear';
  };

  it.each([
    ['ours', zodFunction({ name: 'weather', parameters: City, function: callback })],
    [
      "the openai package's",
      theirZodFunction({
        name: 'weather',
        parameters: z.object({ city: z.string() }),
        function: (args) => callback({ ...args, days: 3 }),
      }),
    ],
  ])('are called with what it makes of the arguments: %s', async (_whose, tool) => {
    told.length = 0;
    const runner = await run([asksFor(['a', 'weather', '{"city":"Paris","days":"3"}']), answer({ content: 'ok' })], {
      tools: [tool],
    });
    expect(await runner.finalFunctionToolCallResult()).toBe('clear');
    expect(told).toEqual([{ city: 'Paris', days: 3 }]);
  });

  it('have the last answer parsed by response_format', async () => {
    server = await scriptedServer([asksFor(['a', 'time', '']), answer({ content: '{"sky":"clear"}' })]);
    const response_format = zodResponseFormat(z.object({ sky: z.string() }), 'sky');
    const runner = runTools({ ...base, tools: [rawTime], response_format }, server.ours);
    const completion = await runner.finalChatCompletion();
    expectTypeOf(completion.choices[0]!.message.parsed).toEqualTypeOf<{ sky: string } | null>();
    expect(completion.choices[0]?.message.parsed).toEqual({ sky: 'clear' });
  });

  it('know their arguments by type', () => {
    const typed = () =>
      runTools(
        {
          ...base,
          tools: [
            weather,
            rawTime,
            zodFunction({
              name: 'z',
              parameters: City,
              function: (args) => expectTypeOf(args).toEqualTypeOf<{ city: string; days: number }>(),
            }),
          ],
        },
        server!.ours,
      );
    const refused = () =>
      // @ts-expect-error parse makes a number, the function wants text
      runTools({ ...base, tools: [{ type: 'function', function: numbered }] }, server!.ours);
    expectTypeOf(typed).toBeFunction();
    expectTypeOf(refused).toBeFunction();
  });
});

const numbered = {
  parameters: {},
  description: '',
  parse: (text: string) => Number(text),
  function: (_: string) => '',
};
