import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { bearer, chatBody, send } from './client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ providers: { openai: { text: 'Hello wörld.' } } });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const url = (path: string) => `${simulator.baseUrl('openai')}${path}`;
const post = (path: string, body: unknown) => send(url(path), { headers: bearer, body });
const json = async (path: string, body: unknown) => JSON.parse((await post(path, body)).text);

describe('requests that OpenAI refuses', () => {
  const tool = { role: 'tool', tool_call_id: 'c1', content: 'sunny' };
  const asked = { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: {} }] };
  const user = { role: 'user', content: 'Hi' };

  it.each([
    ['no model', { messages: [user] }, 'you must provide a model parameter', [null, null]],
    [
      'no messages',
      { model: 'm' },
      "Missing required parameter: 'messages'.",
      ['messages', 'missing_required_parameter'],
    ],
    [
      'messages of a wrong type',
      { model: 'm', messages: 'Hi' },
      /expected an array of objects, but got string/,
      ['messages', 'invalid_type'],
    ],
    ['no message', { model: 'm', messages: [] }, /empty array/, ['messages', 'empty_array']],
    [
      'an unknown role',
      { model: 'm', messages: [{ role: 'model', content: 'x' }] },
      /Invalid value: 'model'/,
      ['messages[0].role', 'invalid_value'],
    ],
    [
      'a message without content',
      { model: 'm', messages: [{ role: 'user' }] },
      /'messages\[0\]\.content'/,
      ['messages[0].content', 'missing_required_parameter'],
    ],
    [
      'null for content',
      { model: 'm', messages: [{ role: 'user', content: null }] },
      /expected a string, got null/,
      ['messages[0].content', 'invalid_type'],
    ],
    [
      'a tool result nobody asked for',
      { model: 'm', messages: [user, tool] },
      /must be a response to a preceding/,
      ['messages.[1].role', null],
    ],
    [
      'a tool call without a result',
      { model: 'm', messages: [user, asked, user] },
      /did not have response messages: c1/,
      ['messages.[2].role', null],
    ],
    [
      'a tool result without ID',
      { model: 'm', messages: [user, asked, { role: 'tool', content: 'x' }] },
      /tool_call_id/,
      ['messages[2].tool_call_id', 'missing_required_parameter'],
    ],
    [
      'stream_options without stream',
      { ...chatBody, stream_options: {} },
      /only allowed when 'stream' is enabled/,
      ['stream_options', null],
    ],
    [
      'tool_choice without tools',
      { ...chatBody, tool_choice: 'auto' },
      /only allowed when 'tools' are specified/,
      ['tool_choice', null],
    ],
    [
      'a temperature too high',
      { ...chatBody, temperature: 3 },
      /expected a value <= 2, but got 3/,
      ['temperature', 'above_max_value'],
    ],
    ['a number as text', { ...chatBody, top_p: '1' }, /expected a number/, ['top_p', 'invalid_type']],
    [
      'a parameter it does not know',
      { ...chatBody, top_k: 3 },
      "Unknown parameter: 'top_k'.",
      ['top_k', 'unknown_parameter'],
    ],
    ['broken JSON', '{"model":', /could not parse the JSON body/, [null, null]],
    ['JSON that is no object', '[]', /must be a JSON object/, [null, null]],
  ])('%s is a 400', async (_what, body, message, [param, code]) => {
    const { status, text } = await post('/chat/completions', body);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual({
      error: {
        message: typeof message === 'string' ? message : expect.stringMatching(message),
        type: 'invalid_request_error',
        param,
        code,
      },
    });
  });

  it('a tool call that is answered is no mistake', async () => {
    expect((await post('/chat/completions', { ...chatBody, messages: [user, asked, tool] })).status).toBe(200);
  });

  it('a compatible provider overlooks parameters it does not know', async () => {
    const { status } = await send(`${simulator.baseUrl('groq')}/chat/completions`, {
      headers: bearer,
      body: { ...chatBody, top_k: 3 },
    });
    expect(status).toBe(200);
  });

  it.each([
    ['/openai/v1/chat/completions', 200],
    ['/groq/openai/v1/chat/completions', 200],
    ['/zhipu/api/paas/v4/chat/completions', 200],
    ['/deepseek/chat/completions', 200],
    ['/openai/chat/completions', 404],
    ['/openai/v1/chat', 404],
    ['/constructor/v1/chat/completions', 200],
  ])('%s answers %i', async (path, status) => {
    expect((await send(`${simulator.url}${path}`, { headers: bearer, body: chatBody })).status).toBe(status);
  });

  it('an unknown path is a 404 that names it', async () => {
    expect(await json('/chat', chatBody)).toEqual({
      error: { message: 'Invalid URL (POST /v1/chat)', type: 'invalid_request_error', param: null, code: null },
    });
  });

  it('no key is a 401, an unknown key another', async () => {
    const keyless = await send(url('/chat/completions'), { body: chatBody });
    expect(keyless.status).toBe(401);
    expect(JSON.parse(keyless.text).error).toMatchObject({ type: 'invalid_request_error', code: null });
    simulator.behave('openai', { keys: ['other'] });
    const unknown = await post('/chat/completions', chatBody);
    expect(unknown.status).toBe(401);
    expect(JSON.parse(unknown.text).error).toMatchObject({ type: 'invalid_request_error', code: 'invalid_api_key' });
  });

  it('a model it does not have is a 404', async () => {
    simulator.behave('openai', { models: ['gpt-5'] });
    const { status, text } = await post('/chat/completions', chatBody);
    expect(status).toBe(404);
    expect(JSON.parse(text)).toEqual({
      error: {
        message: 'The model `gpt-4o` does not exist or you do not have access to it.',
        type: 'invalid_request_error',
        param: null,
        code: 'model_not_found',
      },
    });
  });

  it('a local server asks for no key', async () => {
    expect((await send(`${simulator.baseUrl('ollama')}/chat/completions`, { body: chatBody })).status).toBe(200);
  });
});
