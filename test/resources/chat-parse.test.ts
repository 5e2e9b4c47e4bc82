import { zodFunction as theirZodFunction, zodResponseFormat as theirZodResponseFormat } from 'openai/helpers/zod';
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import type { ChatCompletion, ChatCompletionCreateParamsNonStreaming } from '../../src/core/openai/index.ts';
import { parseChat, parseCompletion } from '../../src/resources/chat-parse.ts';
import {
  ContentFilterFinishReasonError,
  LengthFinishReasonError,
  UnparsableContentError,
} from '../../src/resources/parse-errors.ts';
import { type ReplyFacts, toWhole } from '../../src/resources/reply-value.ts';
import { ResponsePromise } from '../../src/resources/response-promise.ts';
import { zodFunction, zodResponseFormat } from '../../src/resources/zod-response-format.ts';
import { servedJson } from './fakes.ts';
import { type ScriptedServer, scriptedServer } from './scripted-server.ts';

let server: ScriptedServer | undefined;
afterEach(() => server?.close());

const Answer = z.object({ answer: z.number() });
const base = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] };

function completion(message: object, finish_reason: ChatCompletion.Choice['finish_reason'] = 'stop'): ChatCompletion {
  const whole = { role: 'assistant' as const, content: null, refusal: null, ...message };
  return {
    id: 'c',
    object: 'chat.completion',
    created: 7,
    model: 'm',
    choices: [{ index: 0, message: whole, finish_reason, logprobs: null }],
  };
}

const call = (name: string, args: string) => ({
  id: 'a',
  type: 'function' as const,
  function: { name, arguments: args },
});
const strict = { type: 'function' as const, function: { name: 'f', strict: true, parameters: {} } };
const answerFormat = zodResponseFormat(Answer, 'answer');
const rawFormat = { type: 'json_schema' as const, json_schema: { name: 'raw', schema: {} } };

const answers: [string, Partial<ChatCompletionCreateParamsNonStreaming>, ChatCompletion][] = [
  ['text without a format', {}, completion({ content: 'Hello' })],
  ['JSON of a zod schema', { response_format: answerFormat }, completion({ content: '{"answer":42}' })],
  ['JSON of a bare schema', { response_format: rawFormat }, completion({ content: '[1]' })],
  ['JSON without a schema', { response_format: { type: 'json_object' } }, completion({ content: '{}' })],
  ['a refusal', { response_format: answerFormat }, completion({ refusal: 'I won’t' })],
  [
    'a refusal beside content',
    { response_format: answerFormat },
    completion({ refusal: 'I won’t', content: '{"answer":' }),
  ],
  [
    'calls in place of content',
    { response_format: answerFormat, tools: [strict] },
    completion(
      {
        content: '',
        tool_calls: [call('f', '{"x":1}'), { id: 'b', type: 'custom', custom: { name: 'g', input: '' } }],
      },
      'tool_calls',
    ),
  ],
  [
    'a call of a function that is not there',
    { tools: [strict] },
    completion({ tool_calls: [call('g', '{')] }, 'tool_calls'),
  ],
  [
    'a call of a function with a schema',
    { tools: [zodFunction({ name: 'f', parameters: Answer })] },
    completion({ tool_calls: [call('f', '{"answer":1}')] }, 'tool_calls'),
  ],
  [
    'a format and a function made by the openai package',
    {
      response_format: theirZodResponseFormat(Answer, 'answer'),
      tools: [theirZodFunction({ name: 'f', parameters: Answer })],
    },
    completion({ content: '{"answer":1}', tool_calls: [call('f', '{"answer":1}')] }, 'tool_calls'),
  ],
];

describe('parse()', () => {
  it.each(answers)('finds in %s what the openai package does', async (_what, params, reply) => {
    server = await scriptedServer([{ json: reply }]);
    const theirs = await server.openai.chat.completions.parse({ ...base, ...params } as never);
    const ours = parseChat({ ...base, ...params }, () => promised(reply));
    expect(await ours).toEqual(JSON.parse(JSON.stringify(theirs)));
  });

  it('hands the request on as it is', async () => {
    const params = { ...base, response_format: answerFormat };
    const sent: unknown[] = [];
    await parseChat(params, (body) => {
      sent.push(body);
      return promised(completion({ content: '{"answer":1}' }));
    });
    expect(sent[0]).toBe(params);
  });

  it('knows the type of what it parses', () => {
    const typed = async (create: () => ResponsePromise<ChatCompletion & ReplyFacts>) => {
      const parsed = async <T>(promise: Promise<{ choices: { message: { parsed: T } }[] }>) =>
        (await promise).choices[0]!.message.parsed;
      const made = { ...base, response_format: answerFormat };
      const theirs = { ...base, response_format: theirZodResponseFormat(Answer, 'answer') };
      expectTypeOf(await parsed(parseChat(made, create))).toEqualTypeOf<{ answer: number } | null>();
      expectTypeOf(await parsed(parseChat(theirs, create))).toEqualTypeOf<{ answer: number } | null>();
      expectTypeOf(await parsed(parseChat({ ...base, response_format: rawFormat }, create))).toBeUnknown();
      expectTypeOf(await parsed(parseChat(base, create))).toBeNull();
    };
    expectTypeOf(typed).toBeFunction();
  });

  it('tells about the response, also when there is nothing to parse', async () => {
    const promise = parseChat({ ...base, response_format: answerFormat }, () =>
      promised(completion({ content: 'no' })),
    );
    expect((await promise.asResponse()).status).toBe(200);
    await expect(promise).rejects.toBeInstanceOf(UnparsableContentError);
  });

  it('refuses a function that is not strict, before anything is sent', () => {
    const loose = { type: 'function' as const, function: { name: 'loose' } };
    const create = () => expect.unreachable();
    expect(() => parseChat({ ...base, tools: [strict, loose] }, create)).toThrow(
      'Tool "loose" cannot be parsed: set strict: true on its function, or make it with zodFunction().',
    );
  });

  const promised = (reply: ChatCompletion) =>
    new ResponsePromise(Promise.resolve(servedJson({ ...structuredClone(reply) })), toWhole<ChatCompletion>);
});

describe('an answer that cannot be parsed', () => {
  it.each([
    ['length', LengthFinishReasonError, 'token limit'],
    ['content_filter', ContentFilterFinishReasonError, 'content filter'],
  ] as const)('because of %s is an error with what there is', (reason, ErrorClass, text) => {
    const reply = completion({ content: '{"ans' }, reason);
    const error = caught(() => parseCompletion(reply, { response_format: answerFormat }));
    expect(error).toBeInstanceOf(ErrorClass);
    expect(error).toMatchObject({ name: ErrorClass.name, completion: reply });
    expect((error as Error).message).toContain(text);
  });

  it.each([
    ['{"answer"', /^The content cannot be parsed: .*JSON/],
    ['{"answer":"x"}', 'The content cannot be parsed: answer: Invalid input: expected number, received string'],
    ['[]', 'The content cannot be parsed: Invalid input: expected object, received array'],
  ])('because it is %s says why', (content, message) => {
    const error = caught(() => parseCompletion(completion({ content }), { response_format: answerFormat }));
    expect(error).toBeInstanceOf(UnparsableContentError);
    expect(error).toMatchObject({ content, kind: 'unreadable' });
    expect((error as Error).message).toMatch(message);
    expect((error as Error).cause).toBeInstanceOf(Error);
  });

  it('names the function whose arguments are at fault', () => {
    const reply = completion({ tool_calls: [call('f', '{')] }, 'tool_calls');
    expect(() => parseCompletion(reply, { tools: [strict] })).toThrow(/^The call of "f" cannot be parsed: /);
  });

  const caught = (act: () => unknown): unknown => {
    try {
      return act();
    } catch (error) {
      return error;
    }
  };
});
