import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { Codec } from '../../../../src/core/provider.ts';
import { anthropicMessages } from '../../../../src/providers/dialects/anthropic-messages/index.ts';
import { deepFreeze, type ScopeOptions, scopeOf, thrownBy } from './support.ts';

const messages = anthropicMessages.codecs.messages as Required<Pick<Codec, 'decodeStream'>> & Codec;
const encode = (body: JsonObject, options: ScopeOptions = {}) => messages.encode(deepFreeze(body), scopeOf(options));

describe('a native request', () => {
  it('passes as it is, betas as a header', () => {
    const body = {
      model: '@anthropic/claude-opus-5-5',
      max_tokens: 10,
      system: 'S',
      messages: [{ role: 'user', content: 'Hi' }],
      tools: [{ name: 'f', input_schema: { type: 'object' } }],
      thinking: { type: 'adaptive' },
      something_new: null,
    };
    expect(encode({ ...body, betas: ['b-1'] }, { model: 'claude-opus-5-5' })).toEqual({
      path: '/messages',
      headers: { 'anthropic-beta': 'b-1' },
      body: { ...body, model: 'claude-opus-5-5' },
    });
    expect(encode(body, { model: '' })).toEqual({ path: '/messages', body });
  });

  it('streams when the call does', () => {
    expect(encode({ messages: [] }, { stream: true })).toEqual({
      path: '/messages',
      body: { model: 'claude-3-5-sonnet-20241022', messages: [], stream: true },
    });
    expect(encode({}, { model: '' })).toEqual({ path: '/messages', body: {} });
  });

  it('leaves out what other providers put into the conversation', () => {
    const signed = { type: 'thinking', thinking: 'a', signature: 's' };
    const { body } = encode({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
        { role: 'assistant', content: [{ type: 'thinking', thinking: 'x', signature: '' }] },
        { role: 'assistant', content: [{ type: 'thinking', thinking: 'x' }, signed, { type: 'text', text: 'a' }] },
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: {}, extra_content: { g: 1 } }] },
        { role: 'assistant', content: 'plain' },
      ],
    });
    expect(body).toEqual({
      model: 'claude-3-5-sonnet-20241022',
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
        { role: 'assistant', content: [signed, { type: 'text', text: 'a' }] },
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }] },
        { role: 'assistant', content: 'plain' },
      ],
    });
  });
});

describe('a native reply', () => {
  it('passes as it is', () => {
    const reply = deepFreeze({
      id: 'm',
      type: 'message',
      content: [],
      stop_reason: 'end_turn',
      usage: { input_tokens: 1 },
    });
    expect(messages.decode(reply, scopeOf())).toEqual(reply);
  });

  it('to a call beside it is any object', () => {
    const scope = {
      ...scopeOf(),
      request: { endpoint: 'messages' as const, body: {}, path: '/messages/count_tokens' },
    };
    expect(messages.encode({ messages: [] }, scope).path).toBe('/messages/count_tokens');
    expect(messages.decode({ input_tokens: 7 }, scope)).toEqual({ input_tokens: 7 });
    expect(thrownBy(() => messages.decode([], scope))).toMatchObject({ kind: 'unreadable' });
  });

  it('throws the error inside a 200, and names what is no message', () => {
    const body = { type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } };
    expect(thrownBy(() => messages.decode(body, scopeOf()))).toMatchObject({ status: 429, kind: 'rate_limit' });
    expect(thrownBy(() => messages.decode({ choices: [] }, scopeOf()))).toMatchObject({ kind: 'unreadable' });
  });
});

describe('a native stream', () => {
  const events = [
    { type: 'message_start', message: { id: 'm', content: [], usage: { input_tokens: 3 } } },
    { type: 'ping' },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
    { type: 'message_stop' },
  ];
  const play = (played: readonly JsonObject[]) => {
    const decoder = messages.decodeStream(scopeOf({ stream: true }));
    const emitted: JsonObject[] = [];
    for (const event of played) decoder.push({ data: JSON.stringify(event) }, (chunk) => emitted.push(chunk));
    return { emitted, isWhole: decoder.end((chunk) => emitted.push(chunk)) };
  };

  it('hands its events on, whole with a stop reason or the end marker', () => {
    expect(play(events)).toEqual({ emitted: events, isWhole: true });
    expect(play(events.slice(0, 6)).isWhole).toBe(true);
    expect(play(events.slice(0, 5)).isWhole).toBe(false);
  });

  it('gives an event the type that only its name tells', () => {
    const emitted: JsonObject[] = [];
    messages.decodeStream(scopeOf()).push({ event: 'ping', data: '{}' }, (chunk) => emitted.push(chunk));
    expect(emitted).toEqual([{ type: 'ping' }]);
  });

  it('throws an error event', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    expect(thrownBy(() => play([events[0]!, error]))).toMatchObject({ status: 529, kind: 'overloaded' });
  });
});
