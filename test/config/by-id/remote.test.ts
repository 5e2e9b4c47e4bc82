import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RemoteConfigsOptions, remoteConfigs } from '../../../src/config/by-id/remote.ts';
import { APIError } from '../../../src/core/errors/api-error.ts';
import { ConfigError, ConfigNotFoundError } from '../../../src/core/errors/config-error.ts';
import { APIConnectionError } from '../../../src/core/errors/connection-errors.ts';
import type { Transport } from '../../../src/core/transport.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { canary, expectNoCanary, failure } from '../../vault/secrets.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let baseURL: string;
let answer: Answer;
let requests: IncomingMessage[];

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
beforeEach(() => {
  requests = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** The least a transport does, over the platform's fetch. */
const transport: Transport = {
  async send({ method, url, headers }, signal) {
    try {
      const response = await fetch(url, { method, headers, signal });
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: {
          text: () => response.text(),
          bytes: async () => new Uint8Array(await response.arrayBuffer()),
          flow: () => {
            throw new Error('not used here');
          },
          cancel: () => void response.body?.cancel(),
        },
      };
    } catch (error) {
      signal.throwIfAborted();
      throw new APIConnectionError('fetch failed', error);
    }
  },
};

const source = (options?: Partial<RemoteConfigsOptions>) =>
  remoteConfigs({ baseURL, apiKey: canary, transport, ...options });
const replies =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

const config = { strategy: { mode: 'fallback' }, targets: [{ provider: 'openai' }] };
/** As the Admin API answers (Portkey API reference, "Retrieve Config"). */
const retrieved = {
  id: '9f1c…',
  name: 'Main',
  workspace_id: 'w1',
  slug: 'pc-main-1a2b',
  organization_id: 'o1',
  is_default: 0,
  status: 'active',
  owner_id: 'u1',
  created_at: '2025-01-01T00:00:00Z',
  config: JSON.stringify(config),
  format: 'JSON',
  type: 'ORG_CONFIG',
  version_id: 'v7',
};

describe('remote configs', () => {
  it('asks as Portkey is asked', async () => {
    answer = replies(200, retrieved);
    await source({ baseURL: `${baseURL}/` }).get('pc-main-1a2b');
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'GET',
      url: '/v1/configs/pc-main-1a2b',
      headers: { 'x-portkey-api-key': canary, accept: 'application/json' },
    });
    expect(requests[0]?.headers['if-none-match']).toBeUndefined();
  });

  it.each<[string, unknown, unknown]>([
    ["Portkey's shape, the config as text", retrieved, { config, version: 'v7', name: 'Main' }],
    ['the config as an object', { ...retrieved, config }, { config, version: 'v7', name: 'Main' }],
    ['wrapped in data', { success: true, data: { config: JSON.stringify(config) } }, { config }],
  ])('takes %s', async (_, body, expected) => {
    answer = replies(200, body);
    expect(await source().get('pc-a')).toEqual(expected);
  });

  it('keeps an ID within its segment of the path', async () => {
    answer = replies(404, {});
    expect(await source().get('a?b#c%2e é')).toBeUndefined();
    expect(requests[0]?.url).toBe('/v1/configs/a%3Fb%23c%252e%20%C3%A9');
    for (const id of ['..', '.', 'a/../b', 'a\\b', 'a\nb']) await failure(() => source().get(id));
    expect(requests).toHaveLength(1);
  });

  it('takes 404 for "there is none"', async () => {
    answer = replies(404, { success: false });
    expect(await source().get('pc-a')).toBeUndefined();
  });

  it.each([
    [401, 'It answered 401: check the API key', 'auth'],
    [403, 'It answered 403: check the API key', 'auth'],
    [429, 'It answered 429', 'rate_limit'],
    [500, 'It answered 500', 'server'],
    [503, 'It answered 503', 'server'],
    [302, 'It answered 302', 'invalid_request'],
    [304, 'It answered 304', 'invalid_request'],
  ])('rejects %i and repeats nothing the server said', async (status, reason, kind) => {
    answer = replies(status, status === 304 ? '' : { message: `Invalid key ${canary}` }, { 'x-echo': canary });
    const error = await failure(() => source().get('pc-a'));
    expect(error).toBeInstanceOf(ConfigNotFoundError);
    expect(error.message).toBe(`Config "pc-a" could not be fetched from ${new URL(baseURL).host}. ${reason}.`);
    expect(error.cause).toBeInstanceOf(APIError);
    expect(error.cause).toMatchObject({ status, kind });
    expectNoCanary(error);
  });

  it.each([
    ['HTML', `<html>${canary}</html>`, 'The answer is not JSON'],
    ['an empty body', '', 'The answer is not JSON'],
    ['no config', { slug: canary }, 'The answer is no JSON object with a member "config"'],
    ['a list', [canary], 'The answer is no JSON object with a member "config"'],
    ['a config that is no JSON', { config: `{${canary}` }, 'The answer is text, but not JSON'],
    ['a config that is no object', { config: '5' }, 'The answer is a number, not a config object'],
    ['a failure in a 200', { success: false, data: { message: canary } }, 'says that the lookup failed'],
  ])('rejects %s', async (_, body, reason) => {
    answer = replies(200, body);
    const error = await failure(() => source().get('pc-a'));
    expect(error).toBeInstanceOf(ConfigNotFoundError);
    expect(error.message).toContain(reason);
    expectNoCanary(error);
  });

  it('rejects when the server cannot be reached', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const error = await failure(() => source({ baseURL: `http://127.0.0.1:${port}/v1` }).get('pc-a'));
    expect(error.message).toBe(
      `Config "pc-a" could not be fetched from 127.0.0.1:${port}. The request failed: APIConnectionError ECONNREFUSED.`,
    );
    expect(error.cause).toBeInstanceOf(APIConnectionError);
    expectNoCanary(error);
  });

  it.each<[string, Answer]>([
    ['sends nothing', () => {}],
    [
      'stops in the middle of its answer',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"config":');
      },
    ],
  ])('gives a server up after 10 s that %s, and closes the connection', async (_, silence) => {
    const clock = manualClock();
    const isClosed = new Promise<void>((resolve) => {
      answer = (request, response) => {
        response.on('close', resolve);
        silence(request, response);
        arrived();
      };
    });
    let arrived = () => {};
    const hasArrived = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const outcome = failure(() => source({ clock }).get('pc-a'));
    await hasArrived;
    clock.advance(10_000);
    const error = await outcome;
    expect(error.message).toContain('The request failed: no answer within 10000 ms.');
    await isClosed;
  });

  it('asks with the tag it was given, and gives the same config for 304', async () => {
    answer = replies(200, { config }, { etag: '"t1"' });
    const remote = source();
    const first = await remote.get('pc-a');
    expect(first).toEqual({ config, version: '"t1"' });
    answer = replies(304, '');
    expect(await remote.get('pc-a')).toBe(first);
    expect(requests[1]?.headers['if-none-match']).toBe('"t1"');
    answer = replies(200, { config: {} }, { etag: '"t2"' });
    expect(await remote.get('pc-a')).toEqual({ config: {}, version: '"t2"' });
    await remote.get('pc-b');
    expect(requests.slice(2).map((request) => request.headers['if-none-match'])).toEqual(['"t1"', undefined]);
    answer = replies(404, '');
    await remote.get('pc-a');
    await remote.get('pc-a');
    expect(requests.slice(4).map((request) => request.headers['if-none-match'])).toEqual(['"t2"', undefined]);
  });

  it.each([
    ['baseURL', { baseURL: 'api.portkey.ai/v1' }],
    ['baseURL', { baseURL: 'file:///etc' }],
    ['baseURL', { baseURL: `https://api.portkey.ai/v1?key=${canary}` }],
    ['apiKey', { apiKey: '' }],
    ['apiKey', { apiKey: `${canary}\n` }],
  ])('refuses an unusable %s when it is made: %#', async (path, options) => {
    const error = await failure(() => source(options));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).issues.map((issue) => issue.path)).toEqual([path]);
    expectNoCanary(error);
  });

  it('shows no key when printed', () => {
    expectNoCanary(source());
  });
});
