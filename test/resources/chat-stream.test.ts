import { zodResponseFormat as theirZodResponseFormat } from 'openai/helpers/zod';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { APIUserAbortError } from '../../src/core/errors/index.ts';
import type { ChatCompletionStreamParams } from '../../src/resources/chat-stream.ts';
import { ChatCompletionStream, chatStream } from '../../src/resources/chat-stream.ts';
import { UnparsableContentError } from '../../src/resources/parse-errors.ts';
import { zodFunction, zodResponseFormat } from '../../src/resources/zod-response-format.ts';
import { call, chunk, chunkOf, finish, usageChunk } from '../core/openai/chunks.ts';
import { collect } from './fakes.ts';
import { type Recorded, record } from './record-events.ts';
import { type Script, type ScriptedServer, scriptedServer } from './scripted-server.ts';

let server: ScriptedServer | undefined;
afterEach(() => server?.close());

const base = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] };
const Answer = z.object({ steps: z.array(z.object({ text: z.string() })), answer: z.number() });
const prob = (token: string) => ({ token, bytes: null, logprob: -1, top_logprobs: [] });
const strictTools = ['weather', 'time'].map((name) => ({
  type: 'function' as const,
  function: { name, strict: true, parameters: { type: 'object' } },
}));
const start = chunk({ role: 'assistant', content: '' });
const weather = { id: 'call_1', name: 'weather' };
const time = { id: 'call_2', name: 'time' };
const json = '{"steps":[{"text":"7×6\\n\\"is\\""}],"answer":42}';
const jsonChunks = [...json.matchAll(/.{1,5}/gsu)].map(([piece]) => chunk({ content: piece }));

const answers: [string, Partial<ChatCompletionStreamParams>, Script][] = [
  ['text', {}, { chunks: [start, chunk({ content: 'Hel' }), chunk({ content: 'lo' }), finish('stop'), usageChunk] }],
  ['no content', {}, { chunks: [start, finish('stop')] }],
  [
    'a refusal with logprobs',
    {},
    {
      chunks: [
        start,
        chunk({ content: 'x' }, { logprobs: { content: [prob('x')], refusal: null } }),
        chunk({ refusal: 'I ' }, { logprobs: { content: null, refusal: [prob('I')] } }),
        chunk({ refusal: 'won’t' }, { logprobs: { content: null, refusal: [prob('won’t')] } }),
        finish('stop'),
      ],
    },
  ],
  [
    'text, then two calls of strict functions',
    { tools: strictTools },
    {
      chunks: [
        start,
        chunk({ content: 'Let me look.' }),
        chunk(call(0, '', weather)),
        chunk(call(0, '{"city":')),
        chunk(call(0, '"Paris"}')),
        chunk(call(1, '{"city"', time)),
        chunk(call(1, ':"Rome"}')),
        finish('tool_calls'),
        usageChunk,
      ],
    },
  ],
  [
    'calls of functions nobody declared, whole in one chunk',
    {},
    {
      chunks: [
        start,
        chunk({
          tool_calls: [...(call(0, '{}', weather).tool_calls ?? []), ...(call(1, '{}', time).tool_calls ?? [])],
        }),
        finish('tool_calls'),
      ],
    },
  ],
  [
    'calls whose pieces alternate',
    {},
    {
      chunks: [
        start,
        chunk(call(0, '{"a"', weather)),
        chunk(call(1, '{"b"', time)),
        chunk(call(0, ':1}')),
        chunk(call(1, ':2}')),
        finish('tool_calls'),
      ],
    },
  ],
  [
    'JSON for a schema',
    { response_format: zodResponseFormat(Answer, 'answer') },
    { chunks: [start, ...jsonChunks, finish('stop')] },
  ],
  [
    'two choices',
    { n: 2 },
    {
      chunks: [0, 1]
        .flatMap((index) => [
          chunkOf([{ index, delta: { role: 'assistant', content: `Nr. ${index}` }, finish_reason: null }]),
        ])
        .concat(finish('stop', 1), finish('length', 0)),
    },
  ],
  ['an HTTP error', {}, { json: { error: { message: 'no such model' } }, status: 404 }],
  [
    'an error after some text',
    {},
    { chunks: [start, chunk({ content: 'Hel' }), { error: { message: 'overloaded' } }] },
  ],
  ['no finish reason', {}, { chunks: [start, chunk({ content: 'Hel' })] }],
  ['no chunk at all', {}, { chunks: [] }],
  [
    'JSON cut off by the token limit',
    { response_format: zodResponseFormat(Answer, 'answer') },
    { chunks: [start, chunk({ content: '{"ste' }), finish('length')] },
  ],
  [
    'JSON withheld by the content filter',
    { response_format: zodResponseFormat(Answer, 'answer') },
    { chunks: [start, chunk({ content: '{"ste' }), finish('content_filter')] },
  ],
];

describe('the events of a stream are those of the openai package, in the same order', () => {
  it.each(answers)('for %s', async (_what, params, script) => {
    server = await scriptedServer([script, script]);
    const body = { ...base, ...params };
    const theirs = await record(server.openai.chat.completions.stream(body as never));
    const ours = await record(chatStream(body, server.ours.createStream));
    expect(names(ours)).toEqual(names(theirs));
    expect(ours).toEqual(theirs);
    expect(server.received[1]).toEqual(server.received[0]);
  });

  it('for a schema given by the helper of the openai package, too', async () => {
    const script = { chunks: [start, ...jsonChunks, finish('stop')] };
    server = await scriptedServer([script, script]);
    const body = { ...base, response_format: theirZodResponseFormat(Answer, 'answer') };
    const theirs = await record(server.openai.chat.completions.stream(body));
    const ours = await record(chatStream(body, server.ours.createStream));
    expect(ours).toEqual(theirs);
  });
});

const names = (events: readonly Recorded[]) => events.map(([name]) => name);
const hello: Script = {
  chunks: [start, chunk({ content: 'Hel' }), chunk({ content: 'lo' }), finish('stop'), usageChunk],
};

async function streamed(script: Script, params: Partial<ChatCompletionStreamParams> = {}, signal?: AbortSignal) {
  server = await scriptedServer([script]);
  return chatStream({ ...base, ...params }, server.ours.createStream, signal);
}

describe('what is known at the end', () => {
  it('is told by promises', async () => {
    const stream = await streamed(hello);
    expect(await stream.finalContent()).toBe('Hello');
    expect(await stream.finalMessage()).toEqual({ role: 'assistant', content: 'Hello', refusal: null, parsed: null });
    expect((await stream.finalChatCompletion()).choices[0]?.finish_reason).toBe('stop');
    expect(await stream.totalUsage()).toEqual({ prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 });
    expect(await stream.finalFunctionToolCall()).toBeUndefined();
    expect(await stream.finalFunctionToolCallResult()).toBeUndefined();
    expect(stream.messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
    expect(stream.currentChatCompletionSnapshot).toBeUndefined();
    expect([stream.ended, stream.errored, stream.aborted]).toEqual([true, false, false]);
  });

  it('is parsed by the schema, typed', async () => {
    server = await scriptedServer([{ chunks: [start, ...jsonChunks, finish('stop')] }]);
    const body = { ...base, response_format: zodResponseFormat(Answer, 'answer') };
    const completion = await chatStream(body, server.ours.createStream).finalChatCompletion();
    const parsed: { answer: number } | null | undefined = completion.choices[0]?.message.parsed;
    expect(parsed).toEqual({ steps: [{ text: '7×6\n"is"' }], answer: 42 });
  });

  it('has the arguments parsed by the schema of the function', async () => {
    const tool = zodFunction({ name: 'weather', parameters: z.object({ days: z.string().transform(Number) }) });
    const stream = await streamed(
      { chunks: [start, chunk(call(0, '{"days":"3"}', weather)), finish('tool_calls')] },
      { tools: [tool] },
    );
    const { choices } = await stream.finalChatCompletion();
    expect(choices[0]?.message.tool_calls).toEqual([
      {
        id: 'call_1',
        type: 'function',
        function: { name: 'weather', arguments: '{"days":"3"}', parsed_arguments: { days: 3 } },
      },
    ]);
  });

  it('is a failure when the content does not fit the schema', async () => {
    const stream = await streamed(
      { chunks: [start, chunk({ content: '{"steps":[],"answer":"42"}' }), finish('stop')] },
      { response_format: zodResponseFormat(Answer, 'answer') },
    );
    const error = await stream.done().catch((reason) => reason);
    expect(error).toBeInstanceOf(UnparsableContentError);
    expect(error.message).toBe('The content cannot be parsed: answer: Invalid input: expected number, received string');
    expect(error.content).toBe('{"steps":[],"answer":"42"}');
  });
});

describe('listeners', () => {
  it('are called once, removed, and awaited', async () => {
    const stream = await streamed(hello);
    const seen: string[] = [];
    const removed = () => seen.push('removed');
    stream
      .on('content', removed)
      .off('content', removed)
      .once('content', (delta) => seen.push(delta));
    expect(await stream.emitted('content')).toEqual(['Hel', 'Hel']);
    expect(await stream.emitted('finalContent')).toBe('Hello');
    expect(await stream.emitted('end')).toBeUndefined();
    expect(seen).toEqual(['Hel']);
  });

  it('that throw fail the run with what they threw', async () => {
    const stream = await streamed(hello);
    const error = new Error('mine');
    stream.on('content', () => {
      throw error;
    });
    expect(await stream.emitted('error')).toBe(error);
    await expect(stream.done()).rejects.toBe(error);
    await expect(stream.finalContent()).rejects.toBe(error);
  });

  it('awaited for something that a failure prevents, reject', async () => {
    const stream = await streamed({ json: {}, status: 500 });
    await expect(stream.emitted('finalContent')).rejects.toMatchObject({ status: 500 });
  });

  it('may all be missing: then a failure nobody waits for is unhandled, exactly once', async () => {
    const seen: unknown[] = [];
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (reason) => seen.push(reason));
    const stream = await streamed({ json: {}, status: 500 });
    await new Promise<void>((resolve) => stream.on('end', resolve));
    await new Promise((resolve) => setImmediate(resolve));
    process.removeAllListeners('unhandledRejection');
    for (const listener of others) process.on('unhandledRejection', listener);
    expect(seen).toMatchObject([{ status: 500 }]);
  });
});

describe('iterating', () => {
  it('hands out every chunk', async () => {
    const chunks = await collect(await streamed(hello));
    expect(chunks).toEqual('chunks' in hello && hello.chunks);
  });

  it('throws a failure after the chunks before it', async () => {
    const stream = await streamed({ chunks: [start, chunk({ content: 'Hel' }), { error: { message: 'overloaded' } }] });
    const seen: unknown[] = [];
    await expect(async () => {
      for await (const each of stream) seen.push(each);
    }).rejects.toThrow('overloaded');
    expect(seen).toEqual([start, chunk({ content: 'Hel' })]);
  });

  it('aborts the call when the reader leaves', async () => {
    const stream = await streamed({ chunks: [start, chunk({ content: 'Hel' })], end: 'hang' });
    for await (const _ of stream) break;
    await server?.left;
    await expect(stream.done()).rejects.toBeInstanceOf(APIUserAbortError);
  });

  it('goes on elsewhere by way of bytes', async () => {
    const stream = await streamed(hello);
    const elsewhere = ChatCompletionStream.fromReadableStream(stream.toReadableStream());
    const deltas: string[] = [];
    elsewhere.on('content', (delta) => deltas.push(delta));
    expect(await elsewhere.finalContent()).toBe('Hello');
    expect(deltas).toEqual(['Hel', 'lo']);
  });
});

describe('aborting', () => {
  const hanging: Script = { chunks: [start, chunk({ content: 'Hel' })], end: 'hang' };

  it.each(['abort()', "the caller's signal"])(
    'by %s closes the socket and is reported as the openai package does',
    async (how) => {
      const act = async (
        stream: { on(event: 'content', listener: () => void): unknown; abort(): void },
        caller: AbortController,
      ) => {
        stream.on('content', () => (how === 'abort()' ? stream.abort() : caller.abort()));
        return record(stream as never);
      };
      server = await scriptedServer([hanging, hanging]);
      const [a, b] = [new AbortController(), new AbortController()];
      const theirs = await act(server.openai.chat.completions.stream(base, { signal: a.signal }), a);
      const stream = chatStream(base, server.ours.createStream, b.signal);
      const ours = await act(stream, b);
      await server.left;
      expect(names(ours)).toEqual(['connect', 'chunk', 'chunk', 'content', 'content.delta', 'abort', 'end']);
      expect(names(ours)).toEqual(names(theirs));
      expect([stream.ended, stream.errored, stream.aborted]).toEqual([true, true, true]);
    },
  );

  it('before the call is made makes none', async () => {
    const stream = await streamed(hanging, {}, AbortSignal.abort());
    await expect(stream.finalContent()).rejects.toBeInstanceOf(APIUserAbortError);
    expect(server?.received).toEqual([]);
  });
});
