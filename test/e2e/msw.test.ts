import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Portkey } from '../../src/portkey.ts';

const seen: unknown[] = [];
const server = setupServer(
  http.post('https://api.openai.com/v1/chat/completions', async ({ request }) => {
    seen.push({ key: request.headers.get('authorization'), body: await request.json() });
    return HttpResponse.json({
      id: 'c1',
      object: 'chat.completion',
      created: 1,
      model: 'gpt-4o-mini',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'mocked' } }],
    });
  }),
);
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
afterAll(() => server.close());

it('goes through whatever replaced the global fetch, so that tests with msw work as they stand', async () => {
  const portkey = new Portkey({ provider: 'openai', Authorization: 'Bearer sk-test' });
  const messages = [{ role: 'user' as const, content: 'Hi.' }];
  const reply = await portkey.chat.completions.create({ model: 'gpt-4o-mini', messages });
  expect(reply.choices[0]?.message.content).toBe('mocked');
  expect(seen).toEqual([{ key: 'Bearer sk-test', body: { model: 'gpt-4o-mini', messages } }]);
});
