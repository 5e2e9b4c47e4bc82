import type { RequestContext } from '../../../core/context.ts';
import { UnreadableReplyError } from '../../../core/errors/reply-errors.ts';
import type { Handler } from '../../../core/handler.ts';
import { isJsonObject } from '../../../core/json.ts';
import type { Runtime } from '../../../core/runtime.ts';

/** Makes a text a vector; undefined when that fails, of which one `warning` event of code `cache` tells. Rejects only when the caller leaves. */
export type Embedder = (text: string, context: RequestContext) => Promise<Float32Array | undefined>;

/** After a failure nobody is asked for this long: each request would wait for the same failure. Milliseconds. */
const pauseMs = 10_000;

/** Asks a target of the config. Its attempts are told in events, and are no attempts of the request's own. */
export function createEmbedder(handler: Handler, { clock, events }: Pick<Runtime, 'clock' | 'events'>): Embedder {
  let askAgainAt = Number.NEGATIVE_INFINITY;
  let isDown = false;

  return async (text, context) => {
    if (clock.now() < askAgainAt) return undefined;
    try {
      const vector = await embed(handler, text, context);
      isDown = false;
      return vector;
    } catch (error) {
      context.signal.throwIfAborted();
      askAgainAt = clock.now() + pauseMs;
      if (!isDown) {
        const reason = error instanceof Error ? error.message : String(error);
        const message = `The semantic cache got no embedding: ${reason}. Until it gets one again only equal requests are answered from the cache.`;
        events.emit('warning', { code: 'cache', message, requestId: context.requestId, traceId: context.traceId });
      }
      isDown = true;
      return undefined;
    }
  };
}

async function embed(handler: Handler, input: string, context: RequestContext): Promise<Float32Array> {
  const { requestId, traceId, metadata, signal, deadline } = context;
  const reply = await handler(
    { endpoint: 'embeddings', body: { input } },
    {
      requestId,
      traceId,
      metadata,
      signal,
      ...(deadline === undefined ? {} : { deadline }),
      pathname: '/v1/embeddings',
      attempts: [],
      call: {},
    },
  );
  const value = reply.body.kind === 'json' ? reply.body.value : {};
  const [first] = Array.isArray(value.data) ? value.data : [];
  const numbers: unknown = isJsonObject(first) ? first.embedding : undefined;
  if (!Array.isArray(numbers) || numbers.length === 0 || !numbers.every(Number.isFinite))
    throw new UnreadableReplyError('The reply holds no embedding', value);
  return Float32Array.from(numbers);
}
