import { expect, it } from 'vitest';
import { Portkey } from '../../src/index.ts';

const target = { provider: 'openai', api_key: 'sk-test' };

it('says where a failure came out, though providers’ failures are made without a stack', async () => {
  const portkey = new Portkey({
    environment: {},
    config: { strategy: { mode: 'fallback' }, targets: [target, target] },
    fetch: async () => Response.json({ error: { message: 'The server had an error' } }, { status: 500 }),
  });
  const limit = Error.stackTraceLimit;
  const failed = portkey.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hi' }] });
  const error = await failed.catch((thrown: Error) => thrown);
  expect((error as Error).stack).toMatch(/^InternalServerError: 500 The server had an error\n\s+at .*call/);
  expect(Error.stackTraceLimit).toBe(limit);
});
