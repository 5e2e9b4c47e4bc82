import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createServer } from '../../src/server/index.ts';
import { hello } from '../support/simulated.ts';
import { hostileJson, inTime, mutated, mutations, runs } from './runs.ts';

const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));
afterAll(() => expect(unhandled).toEqual([]));

const reply = {
  id: '1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
};
const server = createServer({
  environment: {},
  config: { provider: 'openai', api_key: 'key-of-openai', retry: { attempts: 0 } },
  fetch: async () => Response.json(reply),
});

/** The server answers with a status that blames the right side, and with an error of OpenAI's shape. */
async function answers(
  headers: Record<string, string>,
  body: string | Uint8Array<ArrayBuffer>,
  path = '/v1/chat/completions',
) {
  let request: Request;
  try {
    request = new Request(`http://gateway.test${path}`, { method: 'POST', headers, body });
  } catch {
    // No client could send it.
    return;
  }
  const response = await inTime(Promise.resolve(server(request)), 'The server');
  const text = await inTime(response.text(), 'The answer');
  const what = `${response.status} ${text.slice(0, 300)} to ${JSON.stringify(headers)} ${String(body).slice(0, 200)}`;
  if (response.status === 500 || response.status > 504) throw new Error(what);
  if (text.includes('key-of-openai')) throw new Error(`A key is told: ${what}`);
  if (response.status >= 400 && response.status !== 404) {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } };
    if (typeof error?.message !== 'string') throw new Error(what);
  }
}

const json = { 'content-type': 'application/json' };
const headerText = fc.oneof(
  fc.stringMatching(/^[ -~]{0,30}$/),
  hostileJson.map((value) => (JSON.stringify(value) ?? '').replaceAll(/[^ -~]/g, '?')),
  mutations.map((changes) =>
    (
      JSON.stringify(
        mutated({ strategy: { mode: 'fallback' }, targets: [{ provider: 'openai', api_key: 'k' }] }, changes),
      ) ?? ''
    ).replaceAll(/[^ -~]/g, '?'),
  ),
);
const names = [
  ...['x-portkey-config', 'x-portkey-metadata', 'x-portkey-provider', 'x-portkey-virtual-key', 'x-portkey-trace-id'],
  ...['x-portkey-custom-host', 'x-portkey-request-timeout', 'x-portkey-forward-headers', 'x-portkey-cache-namespace'],
  ...[
    'x-portkey-strict-open-ai-compliance',
    'x-portkey-priority',
    'authorization',
    'baggage',
    'traceparent',
    'x-request-id',
  ],
  ...['content-type', 'content-encoding', 'x-portkey-api-key', 'x-portkey-debug', 'x-litellm-timeout', 'prefer'],
];

describe('the server answers every request, and never with a fault of its own', () => {
  it('whatever its headers say', async () => {
    const headers = fc.dictionary(fc.constantFrom(...names), headerText, { minKeys: 1, maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(headers, (given) => answers({ ...json, ...given }, JSON.stringify(hello))),
      { numRuns: runs(500) },
    );
  });

  it('whatever its body is', async () => {
    const bodies = fc.oneof(
      mutations.map((changes) => JSON.stringify(mutated({ ...hello, tools: [], stop: ['x'], n: 1 }, changes)) ?? ''),
      hostileJson.map((value) => JSON.stringify(value) ?? ''),
      fc.string(),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => new Uint8Array(bytes)),
      fc.nat(60_000).map((depth) => '['.repeat(depth)),
    );
    const paths = fc.constantFrom(
      ...[
        '/v1/chat/completions',
        '/v1/completions',
        '/v1/embeddings',
        '/v1/messages',
        '/v1/responses',
        '/v1/moderations',
      ],
      ...[
        '/v1/images/generations',
        '/v1/audio/speech',
        '/v1/complete',
        '/v1/chatComplete',
        '/v1/batches',
        '/v1/feedback',
      ],
    );
    await fc.assert(
      fc.asyncProperty(bodies, paths, (body, path) => answers(json, body, path)),
      { numRuns: runs(500) },
    );
  });

  it('whatever is asked', async () => {
    const path = fc.stringMatching(/^[!-~]{0,30}$/).map((text) => `/v1/${text}`);
    await fc.assert(
      fc.asyncProperty(path, (given) => answers(json, '{}', given)),
      { numRuns: runs(300) },
    );
  });
});
