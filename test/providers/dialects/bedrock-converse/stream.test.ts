import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import { codecOf, models, scopeOf, stream } from './support.ts';

const base = { id: 'id1', object: 'chat.completion.chunk', created: 1_700_000_000, model: models.claude };
const chunk = (delta: JsonObject, finish_reason: string | null = null, extra: JsonObject = {}) => ({
  ...base,
  choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  ...extra,
});
const role = chunk({ role: 'assistant', content: null });
const metadata = [
  'metadata',
  { usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 }, metrics: { latencyMs: 7 } },
] as const;
const told = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

const start = ['messageStart', { role: 'assistant' }] as const;
const stop = (stopReason = 'end_turn') => ['messageStop', { stopReason }] as const;
const delta = (contentBlockIndex: number, piece: JsonObject) =>
  ['contentBlockDelta', { contentBlockIndex, delta: piece }] as const;
const blockStop = (contentBlockIndex: number) => ['contentBlockStop', { contentBlockIndex }] as const;
const toolStart = (contentBlockIndex: number, toolUseId: string, name: string) =>
  ['contentBlockStart', { contentBlockIndex, start: { toolUse: { toolUseId, name } } }] as const;
const input = (contentBlockIndex: number, text: string) => delta(contentBlockIndex, { toolUse: { input: text } });

describe('a stream', () => {
  it('of text waits with its last chunk for the usage', () => {
    expect(
      stream([start, delta(0, { text: 'Hel' }), delta(0, { text: 'lo' }), blockStop(0), stop(), metadata]),
    ).toEqual({
      chunks: [role, chunk({ content: 'Hel' }), chunk({ content: 'lo' }), chunk({}, 'stop', { usage: told })],
      isWhole: true,
    });
  });

  it('gives the usage a chunk of its own where include_usage asks for it', () => {
    const body = { stream_options: { include_usage: true } };
    expect(stream([start, delta(0, { text: 'Hi' }), blockStop(0), stop(), metadata], { body })).toEqual({
      chunks: [
        { ...role, usage: null },
        chunk({ content: 'Hi' }, null, { usage: null }),
        chunk({}, 'stop', { usage: null }),
        { ...base, choices: [], usage: told },
      ],
      isWhole: true,
    });
  });

  it('hands out its last chunk with the message when include_usage asks, not with the metadata', () => {
    const { chunks } = stream([start, stop()], { body: { stream_options: { include_usage: true } } });
    expect(chunks).toEqual([{ ...role, usage: null }, chunk({}, 'stop', { usage: null })]);
  });

  it('is whole without metadata, and cut short without messageStop', () => {
    expect(stream([start, delta(0, { text: 'Hi' }), blockStop(0), stop()])).toEqual({
      chunks: [role, chunk({ content: 'Hi' }), chunk({}, 'stop')],
      isWhole: true,
    });
    expect(stream([start, delta(0, { text: 'Hi' })])).toEqual({
      chunks: [role, chunk({ content: 'Hi' })],
      isWhole: false,
    });
    expect(stream([])).toEqual({ chunks: [], isWhole: false });
  });

  it('counts tool calls, wherever their blocks stand, and gives a call without input empty arguments', () => {
    const { chunks } = stream([
      start,
      delta(0, { text: 'Let me look.' }),
      blockStop(0),
      toolStart(1, 't1', 'weather'),
      input(1, '{"city":'),
      input(1, ''),
      input(1, '"Oslo"}'),
      blockStop(1),
      toolStart(3, 't2', 'time'),
      blockStop(3),
      stop('tool_use'),
    ]);
    const call = (index: number, members: JsonObject) => chunk({ tool_calls: [{ index, ...members }] });
    expect(chunks).toEqual([
      role,
      chunk({ content: 'Let me look.' }),
      call(0, { id: 't1', type: 'function', function: { name: 'weather', arguments: '' } }),
      call(0, { function: { arguments: '{"city":' } }),
      call(0, { function: { arguments: '"Oslo"}' } }),
      call(1, { id: 't2', type: 'function', function: { name: 'time', arguments: '' } }),
      call(1, { function: { arguments: '{}' } }),
      chunk({}, 'tool_calls'),
    ]);
  });

  it('of reasoning hands out the signed block at its end, unless strict', () => {
    const events = [
      start,
      delta(0, { reasoningContent: { text: 'Hm' } }),
      delta(0, { reasoningContent: { text: '.' } }),
      delta(0, { reasoningContent: { signature: 'sig' } }),
      blockStop(0),
      delta(1, { reasoningContent: { redactedContent: 'AQI=' } }),
      delta(1, { reasoningContent: { redactedContent: 'Aw==' } }),
      blockStop(1),
      delta(2, { text: 'Yes.' }),
      blockStop(2),
      stop(),
    ] as const;
    const reasoning = [role, chunk({ reasoning_content: 'Hm' }), chunk({ reasoning_content: '.' })];
    expect(stream(events).chunks).toEqual([...reasoning, chunk({ content: 'Yes.' }), chunk({}, 'stop')]);
    const last = chunk({}, 'stop');
    expect(stream(events, { strict: false }).chunks).toEqual([
      ...reasoning,
      chunk({ thinking_blocks: [{ type: 'thinking', thinking: 'Hm.', signature: 'sig' }] }),
      chunk({ thinking_blocks: [{ type: 'redacted_thinking', data: 'AQID' }] }),
      chunk({ content: 'Yes.' }),
      { ...last, choices: [{ ...last.choices[0], native_finish_reason: 'end_turn' }] },
    ]);
  });

  it('cites at the end of a block', () => {
    const citation = { title: 'Oslo', location: { web: { url: 'https://example.com/oslo' } } };
    const { chunks } = stream(
      [
        start,
        delta(0, { text: 'So: ' }),
        blockStop(0),
        delta(1, { text: 'cold' }),
        delta(1, { citation }),
        blockStop(1),
        stop(),
      ],
      { strict: false },
    );
    expect(chunks[3]).toEqual(
      chunk({
        annotations: [
          {
            type: 'url_citation',
            url_citation: { start_index: 4, end_index: 8, title: 'Oslo', url: 'https://example.com/oslo' },
          },
        ],
        citations: [{ ...citation, start_index: 4, end_index: 8 }],
      }),
    );
  });

  it("of the answer's tool is content, without what was said before", () => {
    const body = { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } } };
    const events = [
      start,
      delta(0, { text: 'Here:' }),
      blockStop(0),
      toolStart(1, 't1', 'json_answer__'),
      input(1, '{"a"'),
      input(1, ':1}'),
      blockStop(1),
      stop('tool_use'),
    ] as const;
    expect(stream(events, { body }).chunks).toEqual([
      role,
      chunk({ content: '{"a"' }),
      chunk({ content: ':1}' }),
      chunk({}, 'stop'),
    ]);
  });

  it('where an answer may come by tool hands out text when it is sure to be the answer', () => {
    const body = { response_format: { type: 'json_object' } };
    const events = [start, delta(0, { text: '{"a"' }), delta(0, { text: ':1}' }), blockStop(0), stop()] as const;
    expect(stream(events, { body }).chunks).toEqual([role, chunk({ content: '{"a":1}' }), chunk({}, 'stop')]);
  });

  it.each([
    ['enforced by Bedrock', models.claude, {}],
    ['only asked for', models.claude37, { reasoning_effort: 'low' }],
  ])('of JSON %s comes as it is written', (_name, model, extra) => {
    const schema = { type: 'object', properties: { a: { type: 'integer' } } };
    const body = { response_format: { type: 'json_schema', json_schema: { name: 'x', schema } }, ...extra };
    const events = [start, delta(0, { text: '{"a"' }), delta(0, { text: ':1}' }), blockStop(0), stop()] as const;
    const { chunks } = stream(events, { body, model });
    expect(chunks.map((each) => (each.choices as [{ delta: JsonObject }])[0].delta)).toEqual([
      { role: 'assistant', content: null },
      { content: '{"a"' },
      { content: ':1}' },
      {},
    ]);
  });

  it('keeps the usage that comes before the end', () => {
    expect(stream([start, metadata, stop()]).chunks).toEqual([role, chunk({}, 'stop', { usage: told })]);
  });

  it('ignores events not known, and bears a block that was not stopped', () => {
    const events = [start, ['ping', {}], toolStart(0, 't1', 'f'), stop('tool_use'), metadata] as const;
    const call = (members: JsonObject) => chunk({ tool_calls: [{ index: 0, ...members }] });
    expect(stream(events).chunks).toEqual([
      role,
      call({ id: 't1', type: 'function', function: { name: 'f', arguments: '' } }),
      call({ function: { arguments: '{}' } }),
      chunk({}, 'tool_calls', { usage: told }),
    ]);
  });

  it('of something that is not JSON is unreadable', () => {
    const decoder = codecOf('chat/completions').decodeStream?.(scopeOf());
    expect(() => decoder?.push({ event: 'messageStart', data: '{"role"' }, () => undefined)).toThrow(
      expect.objectContaining({ name: 'UnreadableReplyError' }),
    );
  });
});

describe('an exception in a stream', () => {
  it.each<[string, JsonObject, JsonObject]>([
    [
      'throttlingException',
      { message: 'Too many tokens' },
      { name: 'RateLimitError', status: 429, kind: 'rate_limit', code: 'ThrottlingException' },
    ],
    [
      'serviceUnavailableException',
      { message: 'Try later' },
      { name: 'InternalServerError', status: 503, kind: 'overloaded' },
    ],
    ['internalServerException', { message: 'Oops' }, { name: 'InternalServerError', status: 500, kind: 'server' }],
    ['modelTimeoutException', { message: 'Slow' }, { status: 408, kind: 'timeout' }],
    [
      'modelStreamErrorException',
      { message: 'Failed', originalStatusCode: 503, originalMessage: 'backend gone' },
      { name: 'InternalServerError', status: 503, kind: 'server', message: '503 Failed (backend gone)' },
    ],
    ['modelStreamErrorException', { message: 'Failed' }, { status: 500, kind: 'server' }],
    [
      'validationException',
      { message: 'Input is too long for requested model.' },
      { name: 'BadRequestError', status: 400, kind: 'context_window' },
    ],
    [
      'validationException',
      { message: 'messages: roles must alternate' },
      { status: 400, kind: 'invalid_request', type: 'ValidationException' },
    ],
    ['somethingNewException', { message: 'What' }, { status: 500, kind: 'server' }],
  ])('%s %j', (name, payload, facts) => {
    expect(() => stream([start, [`exception:${name}`, payload]])).toThrow(expect.objectContaining(facts));
  });

  it('whose payload is not JSON keeps its text', () => {
    const decoder = codecOf('chat/completions').decodeStream?.(scopeOf());
    expect(() => decoder?.push({ event: 'exception:throttlingException', data: 'slow down' }, () => undefined)).toThrow(
      expect.objectContaining({ status: 429, message: '429 slow down' }),
    );
  });
});

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const word = fc.stringMatching(/^[a-z]{1,6}$/);
const block = fc.oneof(
  text.map((value) => ({ text: value })),
  fc.record({
    toolUse: fc.record({ toolUseId: word, name: word, input: fc.dictionary(word, fc.jsonValue({ maxDepth: 1 })) }),
  }),
  fc.record({ reasoningContent: fc.record({ reasoningText: fc.record({ text, signature: word }) }) }),
  fc.record({ reasoningContent: fc.record({ redactedContent: fc.constant('AQID') }) }),
);

/** The events Converse would stream `content` in; texts are cut at `cut`. */
function eventsOf(content: readonly JsonObject[], cut: number): (readonly [string, unknown])[] {
  const halves = (value: string) => [value.slice(0, cut % (value.length + 1)), value.slice(cut % (value.length + 1))];
  return content.flatMap((each, index) => {
    const { toolUse, reasoningContent } = each as Record<string, Record<string, unknown>>;
    if (toolUse) {
      const { toolUseId, name } = toolUse as Record<string, string>;
      const pieces = halves(JSON.stringify(toolUse.input)).map((piece) => input(index, piece));
      return [toolStart(index, toolUseId ?? '', name ?? ''), ...pieces, blockStop(index)];
    }
    const { reasoningText, redactedContent } = reasoningContent ?? {};
    if (redactedContent) return [delta(index, { reasoningContent: { redactedContent } }), blockStop(index)];
    if (reasoningText) {
      const { text: thought = '', signature = '' } = reasoningText as Record<string, string>;
      const pieces = halves(thought).map((piece) => delta(index, { reasoningContent: { text: piece } }));
      return [...pieces, delta(index, { reasoningContent: { signature } }), blockStop(index)];
    }
    return [...halves(String(each.text)).map((piece) => delta(index, { text: piece })), blockStop(index)];
  });
}

interface Choice {
  readonly delta: JsonObject;
  readonly finish_reason: unknown;
}
interface CallPiece {
  readonly index: number;
  readonly id?: string;
  readonly type?: string;
  readonly function: { readonly name?: string; readonly arguments: string };
}

/** Folds chunks into the message they stand for, as a client does. */
function assemble(chunks: readonly JsonObject[]) {
  const choices = chunks.flatMap((each) => each.choices as readonly Choice[]);
  const deltas = choices.map((choice) => choice.delta);
  const joined = (name: string) => deltas.map((each) => each[name] ?? '').join('');
  const listed = (name: string) => deltas.flatMap((each) => (each[name] ?? []) as readonly JsonObject[]);
  const calls = joinCalls(listed('tool_calls') as unknown as readonly CallPiece[]);
  const [reasoning, thinking] = [joined('reasoning_content'), listed('thinking_blocks')];
  const message = {
    role: 'assistant',
    content: joined('content') || null,
    refusal: null,
    ...(reasoning && { reasoning_content: reasoning }),
    ...(thinking.length > 0 && { thinking_blocks: thinking }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  return { message, finish: choices.map((choice) => choice.finish_reason).findLast((reason) => reason !== null) };
}

function joinCalls(pieces: readonly CallPiece[]) {
  return pieces
    .filter((piece) => piece.id !== undefined)
    .map(({ index, ...call }) => {
      const args = pieces.filter((piece) => piece.index === index).map((piece) => piece.function.arguments);
      return { ...call, function: { ...call.function, arguments: args.join('') } };
    });
}

it('says the same streamed and not', () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 5 }), fc.nat(20), fc.boolean(), (content, cut, strict) => {
      const stopReason = content.some((each) => 'toolUse' in each) ? 'tool_use' : 'end_turn';
      const reply = { output: { message: { role: 'assistant', content } }, stopReason, usage: metadata[1].usage };
      const whole = codecOf('chat/completions').decode(reply, scopeOf({ strict })) as {
        choices: [{ message: unknown; finish_reason: string }];
        usage: unknown;
      };
      const { chunks, isWhole } = stream([start, ...eventsOf(content, cut), stop(stopReason), metadata], { strict });
      const [{ message, finish_reason }] = whole.choices;
      expect({ ...assemble(chunks), usage: chunks.at(-1)?.usage, isWhole }).toEqual({
        message,
        finish: finish_reason,
        usage: whole.usage,
        isWhole: true,
      });
    }),
  );
});
