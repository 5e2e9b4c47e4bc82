import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { PortkeyError } from '../../src/core/errors/index.ts';
import { Portkey } from '../../src/index.ts';
import { hello, simulated } from '../support/simulated.ts';
import { cuts, hostileJson, inTime, mutated, mutations, pieces, runs } from './runs.ts';

const simulator = simulated();
const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));
afterAll(() => expect(unhandled).toEqual([]));

interface Recorded {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

const targets: Readonly<Record<string, object>> = {
  openai: {},
  anthropic: {},
  google: {},
  cohere: {},
  bedrock: { aws_access_key_id: 'A', aws_secret_access_key: 's', aws_region: 'us-east-1' },
};

/** What the provider really says to a call. */
async function record(provider: string, stream: boolean): Promise<Recorded> {
  let recorded: Recorded | undefined;
  const client = clientOf(provider, async (input, init) => {
    const response = await fetch(input, init);
    const bytes = new Uint8Array(await response.arrayBuffer());
    recorded = { bytes, type: response.headers.get('content-type') ?? '' };
    return new Response(bytes, response);
  });
  await ask(client, stream);
  if (recorded === undefined) throw new Error(`${provider} was not asked.`);
  return recorded;
}

function clientOf(provider: string, answer: typeof fetch): Portkey {
  const config = simulator.target(provider, targets[provider] as Record<string, unknown>);
  return new Portkey({ environment: {}, config, fetch: answer, logs: false });
}

async function ask(client: Portkey, stream: boolean): Promise<void> {
  if (!stream) {
    await client.chat.completions.create(hello);
    return;
  }
  for await (const _ of await client.chat.completions.create({ ...hello, stream: true }));
}

/** The call ends, well or with an error of ours. */
async function ends(client: Portkey, stream: boolean): Promise<void> {
  await inTime(ask(client, stream), 'The call').catch((error: unknown) => {
    if (!(error instanceof PortkeyError)) throw error;
    if (/key-of-/.test(`${error.message} ${JSON.stringify(error)}`)) throw new Error('The error tells a key.');
  });
}

function bodyOf(parts: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) if (part.length > 0) controller.enqueue(part);
      controller.close();
    },
  });
}

const changedLines = (text: string, changes: Parameters<typeof mutated>[1]) =>
  text.replaceAll(/\{.*\}/g, (json) => {
    try {
      return JSON.stringify(mutated(JSON.parse(json), changes)) ?? '';
    } catch {
      return json;
    }
  });

describe.each(Object.keys(targets))('whatever %s says, a call ends well or with an error of ours', (provider) => {
  it('a reply with anything changed in it', async () => {
    const { bytes, type } = await record(provider, false);
    const whole: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const property = fc.asyncProperty(
      mutations,
      fc.constantFrom(200, 200, 200, 201, 400, 429, 500),
      (changes, status) =>
        ends(
          clientOf(
            provider,
            async () =>
              new Response(JSON.stringify(mutated(whole, changes)) ?? '', {
                status,
                headers: { 'content-type': type },
              }),
          ),
          false,
        ),
    );
    await fc.assert(property, { numRuns: runs(150) });
  });

  it('any JSON, any status, any header', async () => {
    const headers = fc.dictionary(
      fc.constantFrom(
        'retry-after',
        'retry-after-ms',
        'x-ratelimit-remaining-requests',
        'x-ratelimit-reset-requests',
        'date',
      ),
      fc.oneof(
        fc.constantFrom('-1', '1e999', 'NaN', 'Thu, 99 Foo', '99999999999999999999', '6m0s'),
        fc.stringMatching(/^[ -~]{0,12}$/),
      ),
    );
    const property = fc.asyncProperty(
      hostileJson,
      fc.integer({ min: 200, max: 599 }).filter((status) => ![204, 205, 304].includes(status)),
      headers,
      fc.boolean(),
      (json, status, more, stream) =>
        ends(
          clientOf(
            provider,
            async () =>
              new Response(JSON.stringify(json) ?? '', {
                status,
                headers: { 'content-type': 'application/json', ...more },
              }),
          ),
          stream,
        ),
    );
    await fc.assert(property, { numRuns: runs(150) });
  });

  it('a stream cut anywhere, with anything changed in it', async () => {
    const { bytes, type } = await record(provider, true);
    const isBinary = type.includes('eventstream');
    const text = new TextDecoder().decode(bytes);
    const streamed = fc.oneof(
      mutations.map((changes) => (isBinary ? bytes : new TextEncoder().encode(changedLines(text, changes)))),
      fc.nat(bytes.length).map((end) => bytes.subarray(0, end)),
      fc
        .tuple(fc.nat(bytes.length), fc.uint8Array({ maxLength: 9 }))
        .map(([at, some]) => Uint8Array.from([...bytes.subarray(0, at), ...some, ...bytes.subarray(at + some.length)])),
    );
    const property = fc.asyncProperty(streamed, cuts, (given, places) =>
      ends(
        clientOf(
          provider,
          async () => new Response(bodyOf(pieces(given, places)), { headers: { 'content-type': type } }),
        ),
        true,
      ),
    );
    await fc.assert(property, { numRuns: runs(150) });
  });
});
