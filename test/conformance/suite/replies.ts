import { expect, it } from 'vitest';
import type { ChatCompletion, ChatCompletionChunk, ContentBlock } from '../../../src/core/openai/index.ts';
import type { ReplyBehaviour } from '../../../src/simulator/behaviour.ts';
import { formats } from '../formats.ts';
import { bothWays, type ChatBody, type Stage, saying } from '../stage.ts';
import { clock, person, schemaBody, unicode, weather } from './samples.ts';

const withTools: ChatBody = { ...saying('What now?'), tools: [weather, clock] };
const weatherCall = { id: 'call_a', name: 'get_weather', arguments: { city: 'Zürich 🙂', days: 2 } };
const timeCall = { id: 'call_b', name: 'get_time', arguments: {} };

/** What the caller gets: text, tool calls, reasoning, JSON; whole, streamed, and cut anywhere. */
export function replySuite(stage: Stage): void {
  const format = formats[stage.run.format];

  it.each<[string, ReplyBehaviour]>([
    ['as it comes', {}],
    ['one byte at a time', { splitBytes: 1 }],
    ['compressed', { gzip: true }],
    ['with CR LF and comments', { crlf: true, comments: true }],
  ])('a text, whole and streamed, %s', async (_, wire) => {
    const { whole, streamed } = await bothWays(stage, saying('Hello'), { text: unicode, ...wire });
    expect(firstOf(whole)).toMatchObject({
      index: 0,
      finish_reason: 'stop',
      message: { role: 'assistant', content: unicode, refusal: null },
    });
    expect(whole.choices).toHaveLength(1);
    expect(whole.object).toBe('chat.completion');
    expectSame(streamed, whole);
  });

  it.each<[string, ReplyBehaviour]>([
    ['one call', { toolCalls: [weatherCall] }],
    ['parallel calls', { toolCalls: [weatherCall, timeCall, { ...weatherCall, id: 'call_c' }] }],
    ['one call, one byte at a time', { toolCalls: [weatherCall], splitBytes: 1 }],
    ['text beside calls', { text: unicode, toolCalls: [weatherCall, timeCall] }],
    ['reasoning before a call', { reasoning: 'I must look 🤔 it up.', toolCalls: [weatherCall] }],
  ])('tool calls, whole and streamed: %s', async (_, reply) => {
    const { whole, streamed } = await bothWays(stage, withTools, reply);
    const { message, finish_reason } = firstOf(whole);
    expect(finish_reason).toBe('tool_calls');
    expect(callsOf(whole)).toEqual(reply.toolCalls);
    expect(message.content).toBe(reply.text ?? null);
    expectSame(streamed, whole);
  });

  it('reasoning beside the text, whole and streamed', async () => {
    const reply = { reasoning: 'Let me think 🤔 hard.', text: unicode };
    const { whole, streamed } = await bothWays(stage, saying('Think'), reply);
    const { content, ...message } = firstOf(whole).message;
    expect(content).toBe(unicode);
    expect(Object(message)[reasoningMember(stage)]).toBe(showsReasoning(stage) ? reply.reasoning : undefined);
    expectSame(streamed, whole);
  });

  it('JSON of a schema, whole and streamed', async () => {
    stage.reset();
    await stage.create(schemaBody);
    // A model that knows no such format is made to call a tool whose input is the answer.
    const byTool = JSON.stringify(stage.sent().body).includes(jsonTool);
    const reply = byTool ? { toolCalls: [{ name: jsonTool, arguments: person }] } : { jsonObject: person };
    const { whole, streamed } = await bothWays(stage, schemaBody, reply);
    expect(JSON.parse(firstOf(whole).message.content ?? '')).toEqual(person);
    expect(firstOf(whole).finish_reason).toBe('stop');
    expect(firstOf(whole).message.tool_calls).toBeUndefined();
    expectSame(streamed, whole);
  });

  it.each(format.finishReasons)('a reply that ends with %s has the finish reason %s', async (native, expected) => {
    const { whole, streamed } = await bothWays(stage, saying('Hello'), { text: 'So far', finishReason: native });
    expect(firstOf(whole).finish_reason).toBe(expected);
    expectSame(streamed, whole);
  });

  it('usage sums up, whole and streamed', async () => {
    const usage = { inputTokens: 100, outputTokens: 50, cachedTokens: 30, cacheWriteTokens: 10, reasoningTokens: 20 };
    const { whole, streamed } = await bothWays(stage, saying('Hello'), { text: unicode, usage });
    expect(whole.usage).toMatchObject({ prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 });
    expect(whole.usage?.prompt_tokens_details?.cached_tokens).toBe(30);
    expect(whole.usage?.completion_tokens_details?.reasoning_tokens).toBe(format.countsReasoning ? 20 : undefined);
    expect(streamed.usage).toEqual(whole.usage);
  });

  it('a stream is chunks of one ID and model, each with a choice when usage is not asked for', async () => {
    stage.reset();
    const chunks = await stage.stream(saying('Hello'));
    // Azure begins with its verdict on the prompt, in a chunk without choices.
    const said = chunks.filter((chunk) => !('prompt_filter_results' in chunk));
    expect(said.filter(({ choices }) => choices.length === 0)).toEqual([]);
    expect(new Set(said.map(({ object }) => object))).toEqual(new Set(['chat.completion.chunk']));
    expect(new Set(said.map(({ id }) => id)).size).toBe(1);
    expect(new Set(said.map(({ model }) => model)).size).toBe(1);
    expect(said[0]?.choices[0]?.delta.role).toBe('assistant');
    expect(finishesOf(said)).toEqual(['stop']);
  });
}

const jsonTool = 'json_answer__';

/** OpenAI's own chat endpoint counts reasoning and does not show it. */
function showsReasoning({ run }: Stage): boolean {
  return !['openai', 'azure-openai'].includes(run.provider.name);
}

function reasoningMember({ run }: Stage): string {
  return ['openrouter', 'groq'].includes(run.provider.name) ? 'reasoning' : 'reasoning_content';
}

function expectSame(streamed: ChatCompletion, whole: ChatCompletion): void {
  expect(told(streamed)).toEqual(told(whole));
}

/** What both tell, in OpenAI's members and the message's own. */
function told({ choices, model }: ChatCompletion): object {
  return {
    model,
    choices: choices.map(({ index, finish_reason, message: { annotations, content_blocks, ...message } }) => ({
      index,
      finish_reason,
      message: {
        ...message,
        ...(annotations?.length ? { annotations } : {}),
        ...(content_blocks?.some(isRead) ? { content_blocks: content_blocks.filter(isRead) } : {}),
      },
    })),
  };
}

/** Streamed blocks are put together of text and reasoning only; other blocks mark a place. */
function isRead(block: ContentBlock): boolean {
  return block.type === 'text' || (block.type === 'thinking' && block.thinking !== '');
}

function finishesOf(chunks: readonly ChatCompletionChunk[]): unknown[] {
  return chunks.flatMap(({ choices }) => choices.map((choice) => choice.finish_reason)).filter((reason) => reason);
}

/** The only choice. */
export function firstOf({ choices }: ChatCompletion): ChatCompletion.Choice {
  const [choice] = choices;
  if (choice === undefined) throw new Error('A reply without a choice');
  return choice;
}

function callsOf(reply: ChatCompletion): unknown {
  return firstOf(reply).message.tool_calls?.map((call) => {
    if (call.type !== 'function') throw new Error(`A call of type ${call.type}`);
    return { id: call.id, name: call.function.name, arguments: JSON.parse(call.function.arguments) };
  });
}
