import { Portkey as PortkeyAi } from 'portkey-ai';
import { expect, it } from 'vitest';
import { Portkey } from '../../../src/index.ts';
import { served } from '../../support/served.ts';
import { simulated } from '../../support/simulated.ts';

const simulator = simulated();
const hello = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };

async function gateway() {
  const { url } = await served({
    adminKey: 'admin',
    keys: ['client'],
    logs: {},
    virtualKeys: { mine: { provider: 'openai', apiKey: 'sk-mine' } },
  });
  const baseURL = `${url}/v1`;
  return { url, baseURL, admin: new PortkeyAi({ apiKey: 'admin', baseURL }) };
}

/** What `portkey-ai` gives has looser types than its replies. */
function plain(value: unknown): Record<string, string> {
  return JSON.parse(JSON.stringify(value));
}

it('portkey-ai makes a config here, calls by its slug, changes it and deletes it', async () => {
  const { baseURL, admin } = await gateway();
  const config = { ...simulator.target('openai'), override_params: { model: 'one' } };
  const { slug = '' } = plain(await admin.configs.create({ name: 'Main route', config } as never));
  expect(slug).toMatch(/^pc-main-route-[\da-f]{6}$/);
  const client = new PortkeyAi({ apiKey: 'client', baseURL, config: slug });
  await client.chat.completions.create(hello);
  const changed = { ...config, override_params: { model: 'two' } };
  await admin.configs.update({ slug, config: changed } as never);
  await client.chat.completions.create(hello);
  expect(simulator.bodies('openai').map(({ model }) => model)).toEqual(['one', 'two']);
  const found = plain(await admin.configs.retrieve({ slug } as never));
  expect(JSON.parse(found['config'] ?? '')).toEqual(changed);
  expect(plain(await admin.configs.list({} as never))).toMatchObject({
    total: 1,
    data: [{ slug, name: 'Main route' }],
  });
  const own = new Portkey({ configs: { baseURL, apiKey: 'admin' }, config: slug, environment: {} });
  await own.chat.completions.create(hello);
  expect(simulator.bodies('openai')).toHaveLength(3);
  await admin.configs.delete({ slug } as never);
  await expect(client.chat.completions.create(hello)).rejects.toThrow(slug);
});

it('a config that cannot work, or a client’s key, is refused', async () => {
  const { url } = await gateway();
  const make = (key: string, config: object) =>
    fetch(`${url}/v1/configs`, {
      method: 'POST',
      headers: { 'x-portkey-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'a', config }),
    });
  expect((await make('client', {})).status).toBe(403);
  const refused = await make('admin', { provider: 'opnai' });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({
    error: { param: 'config', message: expect.stringContaining('"openai"') },
  });
});

it('logs are listed, and feedback on a trace is kept with them', async () => {
  const { baseURL, admin } = await gateway();
  const config = simulator.target('openai');
  const { slug = '' } = plain(await admin.configs.create({ name: 'logged', config } as never));
  const client = new PortkeyAi({ apiKey: 'client', baseURL, config: slug, traceID: 'trace-1' });
  await client.chat.completions.create(hello);
  const given = plain(await client.feedback.create({ traceID: 'trace-1', value: 5 } as never));
  expect(given['status']).toBe('success');
  const own = new Portkey({ apiKey: 'admin', baseURL });
  const { data } = await own.logs.list({ traceId: 'trace-1' });
  expect(data).toMatchObject([{ traceId: 'trace-1', feedback: [{ value: 5 }] }]);
  expect(await own.logs.get('nothing')).toBeNull();
  await expect(new Portkey({ apiKey: 'client', baseURL }).logs.list()).rejects.toMatchObject({ status: 403 });
});

it('virtual keys are listed without what they hold, and not changed over HTTP', async () => {
  const { admin } = await gateway();
  const listed = plain(await admin.virtualKeys.list({} as never));
  expect(listed['data']).toEqual([
    { object: 'virtual-key', slug: 'mine', name: 'mine', ai_provider_name: 'openai', status: 'active' },
  ]);
  expect(plain(await admin.virtualKeys.retrieve({ slug: 'mine' } as never))).toMatchObject({ slug: 'mine' });
  await expect(admin.virtualKeys.create({ name: 'x', provider: 'openai', key: 'k' } as never)).rejects.toMatchObject({
    status: 405,
  });
});
