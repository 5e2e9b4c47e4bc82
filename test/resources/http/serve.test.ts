import { describe, expect, it } from 'vitest';
import { callerOf } from '../../../src/resources/caller-of.ts';
import { serve } from '../../../src/resources/http/index.ts';
import { fallback, hello, simulated } from '../../support/simulated.ts';

const lab = simulated();

function post(path: string, body: unknown, headers: Record<string, string> = {}, signal?: AbortSignal) {
  return new Request(`http://localhost${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

describe('a request', () => {
  it('goes through the tree, and comes back with the headers of both', async () => {
    lab.script('openai', [{ text: 'Hi.' }]);
    const caller = callerOf(lab.client(fallback([lab.target('openai')])));
    const response = await serve(caller, post('/v1/chat/completions', hello, { 'x-portkey-trace-id': 't-1' }));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('x-portkey-trace-id')).toBe('t-1');
    expect(response.headers.get('x-portkey-last-used-option-index')).toBe('config.targets[0]');
    expect(response.headers.get('set-cookie')).toBeNull();
    expect((await response.json()).choices[0].message.content).toBe('Hi.');
  });

  it('is streamed as server-sent events', async () => {
    lab.script('openai', [{ text: 'Hi.' }]);
    const caller = callerOf(lab.client(lab.target('openai')));
    const response = await serve(caller, post('/v1/chat/completions', { ...hello, stream: true }));
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const text = await response.text();
    expect(text.startsWith('data: {"id"')).toBe(true);
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  it('lists the targets as models', async () => {
    const caller = callerOf(lab.client(lab.target('openai', { override_params: { model: 'gpt-4o' } })));
    const response = await serve(caller, new Request('http://localhost/v1/models'));
    expect(await response.json()).toEqual({
      object: 'list',
      data: [{ id: 'gpt-4o', object: 'model', created: 0, owned_by: 'openai' }],
    });
  });
});

describe('a failure', () => {
  it("has OpenAI's shape, the provider's status, target and trace ID", async () => {
    lab.behave('openai', { outage: true });
    lab.behave('anthropic', { outage: true });
    const caller = callerOf(lab.client(fallback([lab.target('openai'), lab.target('anthropic')])));
    const response = await serve(caller, post('/v1/chat/completions', hello, { 'x-portkey-trace-id': 't-2' }));
    expect(response.status).toBeGreaterThanOrEqual(500);
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect((await response.json()).error).toMatchObject({
      provider: 'anthropic',
      target: 'config.targets[1]',
      trace_id: 't-2',
      param: null,
    });
  });

  it.each([
    ['a body that is not JSON', '{"model"', 'body', /^The body is not JSON/],
    ['a body that is no object', '[1]', 'body', /must be a JSON object/],
    ['no messages', '{"model":"m"}', 'messages', /needs "messages"/],
  ])('%s is a 400', async (_, body, param, message) => {
    const caller = callerOf(lab.client(lab.target('openai')));
    const response = await serve(caller, post('/v1/chat/completions', body));
    expect(response.status).toBe(400);
    const { error } = await response.json();
    expect(error).toMatchObject({ type: 'invalid_request_error', param });
    expect(error.message).toMatch(message);
  });

  it.each([
    ['x-portkey-trace_idd', 't', /Did you mean "x-portkey-trace-id"/],
    ['x-portkey-config', '{"strategy":{"mode":"nope"},"targets":[]}', /Invalid config/],
    ['x-portkey-metadata', 'not json', /metadata: Must be an object/],
    ['x-portkey-cache-force-refresh', 'maybe', /Must be "true" or "false"/],
    ['x-portkey-request-timeout', 'soon', /requestTimeout/],
  ])('%s: %s is a 400 that says what would be valid', async (name, value, message) => {
    const caller = callerOf(lab.client(lab.target('openai')));
    const response = await serve(caller, post('/v1/chat/completions', hello, { [name]: value }));
    expect(response.status).toBe(400);
    expect((await response.json()).error.message).toMatch(message);
  });

  it("of a header that is nobody's is none", async () => {
    const caller = callerOf(lab.client(lab.target('openai')));
    const headers = { 'x-portkey-package-version': 'node-3.1.0', 'x-portkey-something-else': '1' };
    expect((await serve(caller, post('/v1/chat/completions', hello, headers))).status).toBe(200);
  });

  it("has Anthropic's shape for messages", async () => {
    lab.script('openai', [{ status: 429 }]);
    const caller = callerOf(lab.client(lab.target('openai')));
    const body = { model: 'gpt-4o', max_tokens: 9, messages: hello.messages };
    const response = await serve(caller, post('/v1/messages', body));
    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'rate_limit_error' } });
    expect(response.headers.get('x-should-retry')).toBeNull();
  });
});
