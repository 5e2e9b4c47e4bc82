import { expect, it } from 'vitest';
import type { ListenOptions, ServerOptions } from '../../../../src/server/index.ts';
import { served } from '../../../support/served.ts';
import { simulated } from '../../../support/simulated.ts';
import { redirectedTo } from './redirected.ts';

// `route_data` stands as Javelin's page "Load Balancing" prints it.
const simulator = simulated();
const environment = { OPENAI_API_KEY: 'sk-openai', GEMINI_API_KEY: 'g-key' };
const limited = (model: object, rate: number) => ({ model: { ...model, config: { rate_limit: rate } } });
const gpt = { name: 'gpt-4-32k', provider: 'openai', suffix: '/chat/completions' };
const shaping = {
  routes: [
    {
      name: 'eng_dept',
      type: 'chat',
      models: [limited({ ...gpt, weight: 0.7 }, 7), limited({ ...gpt, weight: 0.3 }, 7)],
    },
  ],
};
const chat = { messages: [{ role: 'user', content: 'Hi' }] };

async function javelin(more: ServerOptions & ListenOptions = {}) {
  const { url } = await served({ environment, fetch: redirectedTo(simulator), adminKey: 'admin', ...more });
  return async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'x-api-key': 'admin', 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
}

it('a route is made, asked, changed and deleted', async () => {
  const send = await javelin();
  expect((await send('POST', '/v1/admin/routes/eng_dept', shaping)).status).toBe(200);
  expect((await send('POST', '/v1/query/eng_dept', chat)).status).toBe(200);
  expect(simulator.bodies('openai')).toMatchObject([{ model: 'gpt-4-32k' }]);
  expect(await send('GET', '/v1/admin/routes/eng_dept')).toEqual({ status: 200, body: shaping.routes[0] });
  expect((await send('POST', '/v1/admin/routes/eng_dept', shaping)).body).toMatchObject({
    error: { code: 'already_exists' },
  });

  const changed = { name: 'eng_dept', type: 'chat', models: [{ ...gpt, name: 'gpt-4o' }] };
  expect((await send('PUT', '/v1/admin/routes/eng_dept', changed)).status).toBe(200);
  expect((await send('POST', '/v1/query/eng_dept', chat)).status).toBe(200);
  expect(simulator.bodies('openai').at(-1)).toMatchObject({ model: 'gpt-4o' });

  expect((await send('DELETE', '/v1/admin/routes/eng_dept')).status).toBe(200);
  expect((await send('POST', '/v1/query/eng_dept', chat)).status).toBe(404);
});

it('routes of the server’s options are asked by address, and by header', async () => {
  const send = await javelin({ routes: shaping });
  expect((await send('POST', '/v1/query/eng_dept', chat)).status).toBe(200);
  expect((await send('POST', '/v1/chat/completions', chat, { 'x-javelin-route': 'eng_dept' })).status).toBe(200);
  expect((await send('GET', '/v1/admin/routes')).body).toEqual({ routes: shaping.routes });
  expect(simulator.called()).toEqual(['openai', 'openai']);
});

type Refusal = readonly [body: object | undefined, headers: Record<string, string>, status: number, said: string];

it.each<readonly [string, string, string, ...Refusal]>([
  ['an unknown route', 'POST', '/v1/query/eng_dep', chat, {}, 404, 'eng_dept'],
  ['an unknown route by header', 'POST', '/v1/chat/completions', chat, { 'x-javelin-route': 'x' }, 404, '"x"'],
  [
    'an unknown route by header, and says where routes are asked',
    'POST',
    '/v1/chat/completions',
    chat,
    { 'x-javelin-route': 'x' },
    404,
    '/v1/query/{route}',
  ],
  [
    'a model that is none of the server’s, and says where routes are asked',
    'POST',
    '/v1/chat/completions',
    { ...chat, model: 'eng_dept' },
    {},
    400,
    '/v1/query/{route}',
  ],
  [
    'another endpoint than the route’s',
    'POST',
    '/v1/embeddings',
    { input: 'a' },
    { 'x-javelin-route': 'eng_dept' },
    400,
    'type "chat"',
  ],
  ['a route that cannot be used', 'POST', '/v1/admin/routes', { routes: [{ name: 'a' }] }, {}, 400, 'models'],
  ['a name that is not the address’s', 'POST', '/v1/admin/routes/other', shaping, {}, 400, 'eng_dept'],
  ['a change of what is not there', 'PUT', '/v1/admin/routes/none', shaping, {}, 404, 'none'],
  ['to delete what stands in the options', 'DELETE', '/v1/admin/routes/eng_dept', undefined, {}, 400, 'options'],
])('refuses %s', async (_what, method, path, ...refusal) => {
  const [body, headers, status, said] = refusal;
  const send = await javelin({ routes: shaping });
  const answer = await send(method, path, body, headers);
  expect(answer.status).toBe(status);
  expect(answer.body.error.message).toContain(said);
});

it('routes are changed with the admin key alone, and never shown with keys', async () => {
  const send = await javelin({ keys: ['client'] });
  const withKey = {
    ...shaping,
    secrets: [{ api_key: 'one', api_key_secret_key: 'sk-secret', provider_name: 'openai' }],
  };
  expect((await send('POST', '/v1/admin/routes', withKey, { 'x-api-key': 'client' })).status).toBe(403);
  expect(JSON.stringify(await send('POST', '/v1/admin/routes', withKey))).not.toContain('sk-secret');
  expect((await send('POST', '/v1/query/eng_dept', chat, { 'x-api-key': 'client' })).status).toBe(200);
  expect(simulator.requests('openai')[0]?.headers['authorization']).toBe('Bearer sk-secret');
});
