import type { PortkeyEvents } from '../../../../core/events.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { ServedReply } from '../../../../resources/served-reply.ts';
import type { Gateway } from '../../../gateway.ts';
import { readyCall } from '../../../routes/model-call.ts';

/** What the playground tells of a call while it goes on, a line of JSON each. */
export type RunEvent =
  | { readonly type: 'start'; readonly id: string }
  | { readonly type: 'try' | 'tried'; readonly attempt: PortkeyEvents['attempt-start']['attempt'] }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'end'; readonly usage?: object; readonly path: string; readonly cache: string }
  | { readonly type: 'error'; readonly message: string };

/** What a visitor asks. */
export interface Run {
  /** ID of a config; the server's default without. */
  readonly config?: string;
  readonly body: JsonObject;
}

/** Makes the call as a request of its own, under a new trace ID, and tells how it goes. Never rejects. */
export async function run(
  { config, body }: Run,
  gateway: Gateway,
  signal: AbortSignal,
  tell: (event: RunEvent) => void,
): Promise<void> {
  const traceId = gateway.runtime.traceId();
  const stop = watch(traceId, gateway, tell);
  try {
    const headers = config === undefined ? {} : { 'x-portkey-config': config };
    const asker = { headers, traceId, owner: undefined, providerKey: undefined };
    const asked = { endpoint: 'chat/completions', body } as const;
    const { request, send } = await readyCall({ asker, request: asked, signal }, gateway);
    await hear(await send(request), tell);
  } catch (error) {
    tell({ type: 'error', message: error instanceof Error ? error.message : String(error) });
  } finally {
    stop();
  }
}

/** Tells what happens under a trace ID until the returned function is called. */
function watch(traceId: string, { hub }: Gateway, tell: (event: RunEvent) => void): () => void {
  const started = (event: PortkeyEvents['request-start']) => {
    if (event.traceId === traceId) tell({ type: 'start', id: event.requestId });
  };
  const tried = (type: 'try' | 'tried') => (event: PortkeyEvents['attempt-start']) => {
    if (event.traceId === traceId) tell({ type, attempt: { ...event.attempt } });
  };
  const [begins, ends] = [tried('try'), tried('tried')];
  hub.on('request-start', started);
  hub.on('attempt-start', begins);
  hub.on('attempt-end', ends);
  return () => {
    hub.off('request-start', started);
    hub.off('attempt-start', begins);
    hub.off('attempt-end', ends);
  };
}

async function hear({ reply }: ServedReply, tell: (event: RunEvent) => void): Promise<void> {
  const { body, cache, target } = reply;
  let usage: unknown;
  if (body.kind === 'json') {
    tell({ type: 'text', text: textIn(body.value, 'message') });
    usage = body.value.usage;
  } else if (body.kind === 'stream') {
    for await (const chunk of body.chunks) {
      const text = textIn(chunk, 'delta');
      if (text !== '') tell({ type: 'text', text });
      usage = chunk.usage ?? usage;
    }
  }
  tell({ type: 'end', path: target.path, cache, ...(isJsonObject(usage) ? { usage } : {}) });
}

/** What the first choice says. */
function textIn({ choices }: JsonObject, where: 'message' | 'delta'): string {
  const [first] = Array.isArray(choices) ? (choices as readonly unknown[]) : [];
  const message = isJsonObject(first) ? first[where] : undefined;
  const content = isJsonObject(message) ? message.content : undefined;
  return typeof content === 'string' ? content : '';
}
