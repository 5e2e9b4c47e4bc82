import { expect, it } from 'vitest';
import { APIError } from '../../../src/core/errors/index.ts';
import { failureKinds, type ReplyBehaviour } from '../../../src/simulator/behaviour.ts';
import { failuresOf } from '../formats.ts';
import { type Stage, saying } from '../stage.ts';
import { unicode } from './samples.ts';

const ways = [
  ['whole', (stage: Stage) => stage.create(saying('Hello'))],
  ['streamed', (stage: Stage) => stage.stream(saying('Hello'))],
] as const;

/** What goes wrong: the provider's errors and broken replies, each as one typed error. */
export function errorSuite(stage: Stage): void {
  const failures = failuresOf[stage.run.failureFormat];

  async function failing(ask: (stage: Stage) => Promise<unknown>, reply: ReplyBehaviour): Promise<APIError> {
    stage.reset();
    stage.script(reply);
    const error = await ask(stage).then(
      (value) => expect.unreachable(`answered ${JSON.stringify(value)}`),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof APIError)) throw error;
    expect(error.target).toMatchObject({ provider: stage.run.provider.name, model: stage.run.model });
    expect(JSON.stringify({ ...error, message: error.message })).not.toContain('key-1');
    return error;
  }

  it.each(failureKinds)('an error of kind %s is typed, whole and streamed', async (kind) => {
    for (const [, ask] of ways) {
      const error = await failing(ask, { error: kind });
      const [status, name, expected] = failures[kind];
      expect([error.status, error.name, error.kind]).toEqual([status, name, expected]);
      expect(error.message).toMatch(new RegExp(`^${status} .{5}`));
    }
  });

  it('a rate limit says how long to wait', async () => {
    for (const [, ask] of ways) {
      const error = await failing(ask, { error: 'rate_limit', retryAfter: 7 });
      expect([error.status, error.kind, error.headers['retry-after']]).toEqual([429, 'rate_limit', '7']);
    }
  });

  it.each(ways)('an error inside a 200 is an error: %s', async (_, ask) => {
    const error = await failing(ask, { error: 'overloaded', errorIn200: true });
    expect(error.status).toBeGreaterThanOrEqual(500);
    // Bedrock names its errors in a header, which counts only beside a status that is one.
    expect(stage.run.format === 'bedrock' ? ['unreadable'] : ['overloaded', 'server']).toContain(error.kind);
  });

  it.each<[string, ReplyBehaviour, string]>([
    ['an HTML page', { html: true }, 'UnreadableReplyError'],
    ['JSON of something else', { body: { hello: 'world' } }, 'UnreadableReplyError'],
    ['half a JSON', { truncatedJson: true }, 'UnreadableReplyError'],
    ['a connection reset before the headers', { reset: 'before-headers' }, 'APIConnectionError'],
    ['a connection reset in the body', { reset: 'in-body' }, 'APIConnectionError'],
  ])('%s instead of a reply is an error', async (_, reply, name) => {
    expect((await failing((on) => on.create(saying('Hello')), reply)).name).toBe(name);
  });

  it.each<[string, ReplyBehaviour, string]>([
    ['an HTML page', { html: true }, 'UnreadableReplyError'],
    ['JSON of something else', { body: { hello: 'world' } }, 'UnreadableReplyError'],
    ['an end before the first event', { cutAfterChunks: 0 }, 'TruncatedStreamError'],
    ['a connection reset before the headers', { reset: 'before-headers' }, 'APIConnectionError'],
  ])('%s instead of a stream is an error', async (_, reply, name) => {
    expect((await failing((on) => on.stream(saying('Hello')), reply)).name).toBe(name);
  });

  it.each<[string, ReplyBehaviour, string]>([
    ['an end too early', { cutAfterChunks: 5 }, 'TruncatedStreamError'],
    ['a reset', { reset: 'in-stream', cutAfterChunks: 5 }, 'APIConnectionError'],
    ['a broken event', { malformedChunkAt: 5 }, 'UnreadableReplyError'],
  ])('%s within a stream is an error with what was received', async (_, reply, name) => {
    const error = await failing((on) => on.stream(saying('Hello')), { text: unicode, ...reply });
    expect(error.name).toBe(name);
    expect(unicode.startsWith(error.received?.content ?? 'nothing')).toBe(true);
    expect(error.received?.content.length).toBeGreaterThan(0);
  });

  it.each([0, 5])('an error event at place %d of a stream is a typed error', async (place) => {
    const error = await failing((on) => on.stream(saying('Hello')), {
      text: unicode,
      error: 'overloaded',
      errorEventAt: place,
    });
    expect(error.status).toBeGreaterThanOrEqual(500);
    expect(['overloaded', 'server']).toContain(error.kind);
    expect(error.received === undefined).toBe(place === 0);
  });
}
