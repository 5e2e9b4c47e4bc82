import type { Behaviour, ReplyBehaviour } from './behaviour.ts';
import { type Gate, gate, type RateLimiter, rateLimiter } from './limits.ts';
import type { RecordedRequest } from './recording.ts';

/** What one provider does with its next request: scripted replies first, then the standing behaviour. */
export interface Standing {
  behave(behaviour: Behaviour | readonly Behaviour[]): void;
  script(replies: readonly ReplyBehaviour[]): void;
  /** The behaviour for this request; uses up the scripted reply it takes. */
  take(request: RecordedRequest): Taken;
}

/** A behaviour, with the counters of the limits it names. */
export interface Taken {
  readonly behaviour: Behaviour;
  readonly limiter?: RateLimiter;
  readonly gate?: Gate;
}

/** A provider's behaviour above `defaults`. */
export function standing(defaults: Behaviour, initial: Behaviour | readonly Behaviour[]): Standing {
  const ground = layer(defaults);
  let chosen = chooser([ground, ...list(initial).map(layer)]);
  const queue: ReplyBehaviour[] = [];
  const takeScripted = (request: RecordedRequest) => {
    const index = queue.findIndex((reply) => applies(reply, request));
    return index < 0 ? undefined : queue.splice(index, 1)[0];
  };
  return {
    behave(behaviour) {
      chosen = chooser([ground, ...list(behaviour).map(layer)]);
    },
    script(replies) {
      queue.push(...replies);
    },
    take(request) {
      const taken = chosen(request);
      const reply = queue.length === 0 ? undefined : takeScripted(request);
      return reply === undefined ? taken : { ...taken, behaviour: scripted(reply, taken.behaviour) };
    },
  };
}

/** Merges the layers that apply to a request; beforehand, where they apply to all. */
function chooser(layers: readonly Taken[]): (request: RecordedRequest) => Taken {
  if (layers.every(({ behaviour: { when, match } }) => when === undefined && match === undefined)) {
    const always = layers.reduce(merged, nothing);
    return () => always;
  }
  return (request) => layers.filter(({ behaviour }) => applies(behaviour, request)).reduce(merged, nothing);
}

const nothing: Taken = { behaviour: {} };

function list(behaviour: Behaviour | readonly Behaviour[]): readonly Behaviour[] {
  return 'length' in behaviour ? behaviour : [behaviour];
}

function layer(behaviour: Behaviour): Taken {
  const { rateLimit, maxConcurrency } = behaviour;
  return {
    behaviour,
    ...(rateLimit === undefined ? {} : { limiter: rateLimiter(rateLimit) }),
    ...(maxConcurrency === undefined ? {} : { gate: gate(maxConcurrency) }),
  };
}

function merged(below: Taken, above: Taken): Taken {
  return { ...below, ...above, behaviour: { ...below.behaviour, ...above.behaviour } };
}

function applies({ when, match }: ReplyBehaviour, request: RecordedRequest): boolean {
  if (when?.key !== undefined && when.key !== request.key) return false;
  if (when?.model !== undefined && when.model !== request.model) return false;
  return match === undefined || match(request);
}

/** A scripted reply stands in place of the standing behaviour, except for its pace and what it knows of its callers. */
function scripted(reply: ReplyBehaviour, below: Behaviour): Behaviour {
  const kept: Record<string, unknown> = {};
  for (const name of keptNames) if (below[name] !== undefined) kept[name] = below[name];
  return { ...kept, ...reply };
}

const keptNames = ['latencyMs', 'firstTokenMs', 'tokensPerSecond', 'keys', 'keyRequired', 'models'] as const;
