import type { Clock } from '../core/runtime.ts';
import { type Answer, answerOf, type Prompt } from './answer.ts';
import type { Behaviour } from './behaviour.ts';
import { configuredFailure } from './failing.ts';
import type { Call, Failure, LimitState, Route, WireFormat } from './formats/wire-format.ts';
import type { Random } from './random.ts';
import type { Taken } from './standing.ts';

/** What is to be answered to one request: nothing at all, a destroyed socket, or something to send. */
export type Outcome = { readonly kind: 'silent' } | { readonly kind: 'reset' } | Spoken;

/** An outcome that is sent; `raw` is a body given in the behaviour. */
export type Spoken = (
  | { readonly kind: 'raw' }
  | { readonly kind: 'failure'; readonly failure: Failure }
  | { readonly kind: 'answer'; readonly route: Route; readonly answer: Answer }
) & {
  /** Where the caller stands with the rate limit, when there is one. */
  readonly limit?: LimitState | undefined;
};

/** Facts of one request that decide what is answered. */
export interface Exchange {
  readonly call: Call;
  readonly format: WireFormat;
  readonly route: Route | undefined;
  readonly key: string | undefined;
  readonly taken: Taken;
  /** What the provider says of a body that could not be read. */
  readonly bodyProblem: Failure | undefined;
  readonly random: Random;
  readonly seed: number;
  readonly clock: Clock;
  /** Keeps what gives back a place taken until the response is closed. */
  readonly onClose: (release: () => void) => void;
}

/**
 * Decides what is answered, in this order: dead wires, outage, keys, limits, errors and bodies asked for, then what the
 * provider itself would refuse, then an answer.
 */
export function decide(exchange: Exchange): Outcome {
  const { behaviour } = exchange.taken;
  if (behaviour.silent) return { kind: 'silent' };
  if (behaviour.reset === 'before-headers') return { kind: 'reset' };
  if (behaviour.outage) return { kind: 'failure', failure: { kind: 'overloaded', status: 503 } };
  const unknown = keyFailure(exchange, behaviour);
  if (unknown !== undefined) return { kind: 'failure', failure: unknown };
  const { refused, limit } = admission(exchange);
  if (refused) return { kind: 'failure', failure: { kind: 'rate_limit', retryAfterMs: limit?.retryMs }, limit };
  return { ...decideAdmitted(exchange, behaviour), limit };
}

function decideAdmitted(exchange: Exchange, behaviour: Behaviour): Spoken {
  if (behaviour.body !== undefined || behaviour.html) return { kind: 'raw' };
  const asked = askedFailure(exchange, behaviour);
  if (asked !== undefined) return { kind: 'failure', failure: asked };
  const { route } = exchange;
  if (route === undefined) return { kind: 'failure', failure: { kind: 'not_found', reason: 'unknown_path' } };
  const refused = refusal(exchange, route, behaviour);
  if (refused !== undefined) return { kind: 'failure', failure: refused };
  return { kind: 'answer', route, answer: answer(exchange, route, behaviour) };
}

function keyFailure({ key, format }: Exchange, behaviour: Behaviour): Failure | undefined {
  if (key === undefined) {
    const required = behaviour.keyRequired ?? !format.keyless;
    return required ? { kind: 'auth', reason: 'missing_key' } : undefined;
  }
  const known = behaviour.keys?.includes(key) ?? true;
  return known ? undefined : { kind: 'auth', reason: 'unknown_key' };
}

function admission({ taken, key, clock, onClose }: Exchange): { refused: boolean; limit: LimitState | undefined } {
  const release = taken.gate?.enter();
  if (taken.gate !== undefined && release === undefined) return { refused: true, limit: undefined };
  if (release !== undefined) onClose(release);
  const limit = taken.limiter?.admit(key ?? '', clock.now());
  return { refused: limit?.admitted === false, limit };
}

function askedFailure({ route, random }: Exchange, behaviour: Behaviour): Failure | undefined {
  const failure = configuredFailure(behaviour, route?.stream ?? false);
  if (failure !== undefined) return { ...failure, model: route?.model };
  const { errorRate = 0 } = behaviour;
  return errorRate > 0 && random.next() < errorRate ? { kind: 'server' } : undefined;
}

/** What the provider itself would refuse. */
function refusal({ call, bodyProblem }: Exchange, route: Route, behaviour: Behaviour): Failure | undefined {
  const failure = bodyProblem ?? route.operation.check?.(call);
  if (failure !== undefined) return failure;
  const { model } = route;
  const known = model === undefined || (behaviour.models?.includes(model) ?? true);
  return known ? undefined : { kind: 'not_found', model };
}

function answer({ call, seed, random }: Exchange, { operation, model }: Route, content: Behaviour): Answer {
  const prompt = operation.prompt?.(call) ?? noPrompt;
  return answerOf({ seed, provider: call.provider, model, content, prompt, random });
}

const noPrompt: Prompt = { lastUserText: undefined, length: 0 };
