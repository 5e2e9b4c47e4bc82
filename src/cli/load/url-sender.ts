import type { CallOutcome, Sender } from './outcome.ts';

/** Sends chat completions to an OpenAI-compatible server. `base` is its base URL, or the address of its chat completions. */
export function urlSender(base: string, apiKey: string | undefined): Sender {
  const url = /\/(?:chat\/completions|completions|embeddings|responses|messages)$/.test(base)
    ? base
    : `${base.replace(/\/+$/, '')}/chat/completions`;
  const headers = {
    'content-type': 'application/json',
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  };
  return async (body, signal) => {
    const startedAt = performance.now();
    try {
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal });
      const firstTokenMs = await readBody(response, startedAt);
      return outcomeOf(response, body['stream'] === true ? firstTokenMs : undefined);
    } catch (error) {
      return { failure: failureOf(error) };
    }
  };
}

/** Milliseconds until the body began. */
async function readBody({ body }: Response, startedAt: number): Promise<number | undefined> {
  let firstAt: number | undefined;
  if (body === null) return undefined;
  const reader = body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) firstAt ??= performance.now();
  return firstAt === undefined ? undefined : firstAt - startedAt;
}

/** A gateway says who answered. */
function outcomeOf({ status, headers }: Response, firstTokenMs: number | undefined): CallOutcome {
  const target = headers.get('x-portkey-last-used-option-index');
  const provider = headers.get('x-portkey-provider');
  return {
    ...(status < 400 ? {} : { failure: String(status) }),
    ...(target === null ? {} : { target }),
    ...(provider === null ? {} : { provider }),
    ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
    ...(headers.get('x-portkey-cache-status')?.endsWith('HIT') ? { isCached: true } : {}),
  };
}

function failureOf(error: unknown): string {
  if (error instanceof Error && error.name === 'AbortError') return 'aborted';
  let message = String(error);
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (typeof code === 'string') return `network ${code}`;
    message = cause.message;
  }
  return `network ${message}`;
}
