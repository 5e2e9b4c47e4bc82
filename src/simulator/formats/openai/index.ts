import type { StreamEvent } from '../../framing.ts';
import { bearerKey } from '../keys.ts';
import type { Call, Failure, LimitState, Route, WireFormat } from '../wire-format.ts';
import { openAiError, openAiFailure } from './errors.ts';
import { modelsRoute } from './models.ts';
import { chat, operations, strictChat } from './operations.ts';

/** OpenAI itself: paths below `/v1`, unknown parameters refused. */
export const openAi: WireFormat = {
  ...shared(),
  route: (call) => (call.path.startsWith('/v1/') ? openAiRoute(call, call.path.slice(3), strictChat) : undefined),
};

/** Any provider that speaks OpenAI's format: whatever stands before the version in the path, unknown parameters ignored. */
export const openAiCompatible: WireFormat = {
  ...shared(),
  route: (call) => openAiRoute(call, call.path.replace(version, ''), chat),
};

/** A server of one's own that asks for no key. */
export const keyless: WireFormat = { ...openAiCompatible, keyless: true };

const version = /^.*\/v\d[^/]*(?=\/)/;

/** The operation at `path` below the version; `chatOperation` serves chat completions. */
export function openAiRoute(call: Call, path: string, chatOperation: typeof chat): Route | undefined {
  if (call.method === 'GET') return modelsRoute(path);
  const operation = path === '/chat/completions' ? chatOperation : operations[path];
  if (operation === undefined || call.method !== 'POST') return undefined;
  const { model, stream } = call.body;
  return {
    operation,
    model: typeof model === 'string' ? model : undefined,
    stream: stream === true && operation.events !== undefined,
  };
}

/** An error inside a stream: a bare `error` member, except in the Responses API, which has an event of its own. */
export function openAiErrorEvent(failure: Failure, call: Call): StreamEvent {
  const error = openAiError(failure, call);
  if (!call.path.endsWith('/responses')) return { data: { error } };
  const { code, message, param } = error;
  return { event: 'error', data: { type: 'error', code: code ?? error.type, message, param, sequence_number: 0 } };
}

/** Limit headers (OpenAI guide "Rate limits"); times as in `1s`, `6m0s`, `20ms`. */
export function openAiLimitHeaders(limit: LimitState): readonly string[] {
  return [
    'x-ratelimit-limit-requests',
    String(limit.limit),
    'x-ratelimit-remaining-requests',
    String(limit.remaining),
    'x-ratelimit-reset-requests',
    duration(limit.resetMs),
  ];
}

function shared(): Omit<WireFormat, 'route'> {
  return {
    basePath: '/v1',
    readKey: ({ headers }) => bearerKey(headers),
    idHeaders: (requestId) => ['x-request-id', requestId],
    limitHeaders: openAiLimitHeaders,
    failure: openAiFailure,
    errorEvent: openAiErrorEvent,
  };
}

function duration(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`;
  const seconds = Math.ceil(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
