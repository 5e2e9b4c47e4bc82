import type { ServedReply } from '../../resources/served-reply.ts';

/** When the request came and what it asked for. */
export interface LitellmRequest {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly now: number;
  /** As the body names it. */
  readonly model: unknown;
}

/** The response headers of LiteLLM's proxy, as far as they have a meaning here. Source: LiteLLM documentation, "Response Headers". */
export function litellmHeaders(served: ServedReply, { startedAt, now, model }: LitellmRequest): Record<string, string> {
  const { reply, attempts, requestId } = served;
  const last = attempts.at(-1);
  const tookMs = now - startedAt;
  // Within a group another try is a retry, whoever of it is asked; going on to another group is a fallback.
  const places = new Set(attempts.map(({ path }) => groupAt(path)?.place ?? path));
  const group = groupAt(reply.target.path)?.name ?? model;
  // What the provider took until its headers, or until its first content.
  const providerMs = last?.firstTokenMs ?? last?.durationMs ?? last?.headersMs ?? 0;
  return {
    'x-litellm-call-id': requestId,
    'x-litellm-model-id': reply.target.targetId,
    ...(typeof group === 'string' ? { 'x-litellm-model-group': group } : {}),
    'x-litellm-attempted-retries': String(attempts.length - places.size),
    'x-litellm-attempted-fallbacks': String(Math.max(0, places.size - 1)),
    'x-litellm-response-duration-ms': String(tookMs),
    'x-litellm-overhead-duration-ms': String(Math.max(0, tookMs - providerMs)),
    ...Object.fromEntries(Object.entries(reply.headers).map(([name, value]) => [`llm_provider-${name}`, value])),
  };
}

/** The model group in `config.model_groups["gpt-4o"].targets[0]`. */
function groupAt(path: string): { readonly place: string; readonly name: string } | undefined {
  const [place, quoted] = /^config\.model_groups\[("(?:[^"\\]|\\.)*")\]/.exec(path) ?? [];
  return place === undefined || quoted === undefined ? undefined : { place, name: JSON.parse(quoted) };
}
