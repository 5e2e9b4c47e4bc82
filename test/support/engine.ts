import type { RequestContext } from '../../src/core/context.ts';
import { apiError } from '../../src/core/errors/api-error.ts';
import type { ErrorKind } from '../../src/core/errors/kind.ts';
import { createEventHub } from '../../src/core/event-hub.ts';
import type { Handler, ModelRequest } from '../../src/core/handler.ts';
import type { Reply } from '../../src/core/reply.ts';
import type { Runtime } from '../../src/core/runtime.ts';
import type { Child } from '../../src/core/strategy.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';

/** A runtime on a manual clock, without chance and network. */
export function testRuntime(overrides: Partial<Runtime> = {}) {
  const clock: ManualClock = manualClock();
  const events = createEventHub();
  let ids = 0;
  const runtime: Runtime = {
    clock,
    events,
    random: () => 0.5,
    requestId: () => `request-${++ids}`,
    traceId: () => 'a'.repeat(32),
    transport: {
      send: () => {
        throw new Error('no network in this test');
      },
    },
    ...overrides,
  };
  return { runtime, clock, events };
}

/** A chat request with this body. */
export function chatRequest(body: Record<string, unknown> = { model: 'm', messages: [] }): ModelRequest {
  return { endpoint: 'chat/completions', body };
}

/** A fresh context of one request. */
export function testContext(overrides: Partial<RequestContext> = {}): RequestContext {
  return {
    requestId: 'r1',
    traceId: 't1',
    metadata: {},
    pathname: '/v1/chat/completions',
    signal: new AbortController().signal,
    attempts: [],
    call: {},
    ...overrides,
  };
}

/** A whole reply that says who gave it. */
export function replyOf(name: string): Reply {
  return {
    status: 200,
    headers: {},
    target: { path: name, targetId: name, provider: name },
    body: { kind: 'json', value: { from: name } },
    retries: 0,
    cache: 'DISABLED',
    onSettle: (listener) => listener({ result: 'success' }),
  };
}

/** What a fake target does on one call: answers, or fails with a status (0: without one) and kind. */
export type Step =
  | 'ok'
  | number
  | { readonly status?: number; readonly kind?: ErrorKind; readonly headers?: Record<string, string> };

/** A failure as a provider's status makes it. */
export function failure(step: Exclude<Step, 'ok'>) {
  const { status, kind, headers } =
    typeof step === 'number' ? { status: step === 0 ? undefined : step, kind: undefined, headers: undefined } : step;
  return apiError({ status, kind: kind ?? kindOf(status), message: 'failed', headers });
}

function kindOf(status: number | undefined): ErrorKind {
  if (status === undefined) return 'network';
  if (status === 429) return 'rate_limit';
  if (status === 401) return 'auth';
  if (status === 408) return 'timeout';
  return status >= 500 ? 'server' : 'invalid_request';
}

/** A target that goes through `steps`, then repeats the last. `log` notes who was called. */
export function fakeTarget(name: string, steps: readonly Step[], log: string[] = []): Handler {
  let calls = 0;
  return async () => {
    log.push(name);
    const step = steps[Math.min(calls++, steps.length - 1)] ?? 'ok';
    if (step === 'ok') return replyOf(name);
    throw failure(step);
  };
}

/** A child of a node around {@link fakeTarget}. */
export function fakeChild(name: string, steps: readonly Step[], log: string[], overrides: Partial<Child> = {}): Child {
  return { path: name, name, weight: 1, handler: fakeTarget(name, steps, log), ...overrides };
}

/** Who answered. */
export async function answerOf(reply: Promise<Reply>): Promise<string> {
  return (await reply).target.path;
}
