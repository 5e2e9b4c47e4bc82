import { expect, it } from 'vitest';
import { createServer } from '../../src/server/index.ts';

const delta = (content: string, more = '') =>
  `{"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "m",${more} "choices": [{"index": 0, "delta": {"content": "${content}"}, "finish_reason": null}]}`;
const last =
  '{"id":"c-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}';

/** What the server answers where the provider sends `events`, cut after every third byte. */
async function answered(events: string, config: object = {}): Promise<string> {
  const gateway = createServer({
    environment: {},
    config: { provider: 'openai', api_key: 'sk-test', ...config },
    fetch: async () => {
      const bytes = new TextEncoder().encode(events);
      const body = new ReadableStream({
        start(controller) {
          for (let at = 0; at < bytes.length; at += 3) controller.enqueue(bytes.slice(at, at + 3));
          controller.close();
        },
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    },
  });
  const response = await gateway(
    new Request('https://gateway.example.com/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'hi' }] }),
    }),
  );
  return response.text();
}

const data = (...texts: readonly string[]) => texts.map((text) => `data: ${text}\n\n`).join('');

it('hands chunks on as they were written, whatever ends the lines and cuts the characters', async () => {
  const chunks = [delta('é 語 😀', ' "own": 1.0,'), delta('\\u0041'), last];
  expect(await answered(data(...chunks, '[DONE]'))).toBe(data(...chunks, '[DONE]'));
  expect(await answered(data(...chunks, '[DONE]').replaceAll('\n', '\r\n'))).toBe(data(...chunks, '[DONE]'));
});

it('writes a chunk anew whose JSON went over several lines', async () => {
  const text = delta('a');
  const lines = text.replace('"object"', '\n"object"').split('\n');
  const event = `${lines.map((line) => `data: ${line}`).join('\n')}\n\n`;
  expect(await answered(event + data(last, '[DONE]'))).toBe(data(JSON.stringify(JSON.parse(text)), last, '[DONE]'));
});

it('writes a chunk anew that was changed', async () => {
  const usage = '{"id":"c-1","object":"chat.completion.chunk","created":1,"model":"m","usage":{"prompt_tokens":1}}';
  const told = { ...JSON.parse(usage), choices: [] };
  expect(await answered(data(delta('a'), last, usage, '[DONE]'))).toBe(
    data(delta('a'), last, JSON.stringify(told), '[DONE]'),
  );
});

it('tells an error event after the first content as one', async () => {
  const failed = await answered(data(delta('a'), '{"error":{"message":"overloaded","type":"server_error"}}'));
  expect(failed.startsWith(data(delta('a')))).toBe(true);
  expect(failed).toContain('overloaded');
  expect(failed).not.toContain('[DONE]');
});
