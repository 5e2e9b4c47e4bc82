import { factsOf, type RequestContext } from '../../core/context.ts';
import { apiError } from '../../core/errors/api-error.ts';
import type { ErrorKind } from '../../core/errors/kind.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import { isRefusal } from '../../core/errors/routing-errors.ts';
import type { EventSink } from '../../core/events.ts';
import type { Handler, ModelRequest } from '../../core/handler.ts';
import type { Health } from '../../core/health.ts';
import type { JsonObject } from '../../core/json.ts';
import type { GroupFallbacks } from '../../core/model-groups.ts';
import type { Reply } from '../../core/reply.ts';
import type { Child } from '../../core/strategy.ts';
import { nextSteps } from './group-fallbacks.ts';
import type { NamedGroup, ResolveGroup } from './group-names.ts';
import { isOver, waitForRoom } from './wait-for-room.ts';

/** A model group, compiled once, whoever leads to it. */
export interface ModelGroup {
  /** `config.model_groups["gpt-4o"]` */
  readonly path: string;
  readonly handler: Handler;
  readonly health: Health;
}

/** What a request goes through from group to group. */
export interface GroupPlan {
  readonly resolve: ResolveGroup;
  readonly groups: ReadonlyMap<string, ModelGroup>;
  readonly fallbacks: GroupFallbacks;
  /** How many fallbacks deep. */
  readonly maxFallbacks: number;
}

/** A request that has found its group, and is asked for by the group's name. */
export interface Asked {
  readonly request: ModelRequest;
  readonly context: RequestContext;
  readonly events: EventSink;
}

/**
 * The group of a request, then those in its place, each model once. All failed: rejects with the last error. A caller that left, or a
 * deadline that passed, ends it at once. Where requests queue, one that was asked in vain waits for the groups that had no room.
 */
export async function throughGroups(plan: GroupPlan, named: NamedGroup, asked: Asked): Promise<Reply> {
  const { request, context } = asked;
  const { attempts, room } = context;
  const attemptsBefore = attempts.length;
  const journey: Journey = { ...asked, plan, visited: new Set(), refused: [] };
  try {
    return await ask(journey, { named, request, depth: 0, hasNext: false });
  } catch (error) {
    const children = journey.refused;
    const wasAsked = attempts.length > attemptsBefore;
    if (room === undefined || !wasAsked || children.length === 0 || !(error instanceof PortkeyError)) throw error;
    if (isOver(error, context)) throw error;
    return waitForRoom(request, context, { children, room, error, mayGoOn: () => true });
  }
}

interface Journey extends Asked {
  readonly plan: GroupPlan;
  /** Models asked for so far. */
  readonly visited: Set<string>;
  /** Groups that could not be called for want of room. */
  readonly refused: Child[];
}

interface Stop {
  readonly named: NamedGroup;
  readonly request: ModelRequest;
  readonly depth: number;
  /** Somebody else is asked when nothing of this group may be called. */
  readonly hasNext: boolean;
}

async function ask(journey: Journey, stop: Stop): Promise<Reply> {
  const { context, visited, plan } = journey;
  const attemptsBefore = context.attempts.length;
  visited.add(stop.named.model);
  try {
    const { failWith } = context.call.groups ?? {};
    if (failWith !== undefined && stop.depth === 0) throw asIfFailed(failWith);
    return await groupOf(stop.named, plan).handler(stop.request, contextOf(journey, stop));
  } catch (error) {
    if (!(error instanceof PortkeyError) || isOver(error, context)) throw error;
    if (isRefusal(error) && context.attempts.length === attemptsBefore) journey.refused.push(asChild(stop, plan));
    return goOn(journey, stop, error);
  }
}

/** A group that is asked once it has room. */
function asChild({ named, request }: Stop, plan: GroupPlan): Child {
  const { path, handler, health } = groupOf(named, plan);
  const { captured } = named;
  return { path, health, weight: 1, handler: (_, context) => handler(request, { ...context, captured }) };
}

/** Those in the place of a group that failed with `error`. */
async function goOn(journey: Journey, stop: Stop, error: PortkeyError): Promise<Reply> {
  const { context, visited } = journey;
  let last = error;
  const steps = stepsFrom(journey, stop, error.kind);
  for (const [index, { named, params }] of steps.entries()) {
    // One of the steps before may have been here, on a way of its own.
    if (visited.has(named.model)) continue;
    reportFallback(journey, stop.named, named, last);
    try {
      return await ask(journey, {
        named,
        request: askedFor(named, stop.request, params),
        depth: stop.depth + 1,
        hasNext: stop.hasNext || index < steps.length - 1,
      });
    } catch (failure) {
      if (!(failure instanceof PortkeyError) || isOver(failure, context)) throw failure;
      last = failure;
    }
  }
  throw last;
}

interface Step {
  readonly named: NamedGroup;
  readonly params: JsonObject | undefined;
}

function stepsFrom({ plan, visited }: Journey, { named, depth }: Stop, kind: ErrorKind): readonly Step[] {
  if (depth >= plan.maxFallbacks) return [];
  return nextSteps(plan.fallbacks, named, kind).flatMap(({ model, params }) => {
    const next = plan.resolve(model);
    return next === undefined || visited.has(next.model) ? [] : [{ named: next, params }];
  });
}

/** Where another group comes next, this one is passed over while it cools; the stars of its name travel with the request. */
function contextOf(journey: Journey, stop: Stop): RequestContext {
  const { context } = journey;
  const { captured } = stop.named;
  const passesOver = stop.hasNext || stepsFrom(journey, stop, 'capacity').length > 0;
  const refusesFiltered = hasContentWay(journey, stop);
  if (stop.depth === 0 && !passesOver && !refusesFiltered) return context;
  return {
    ...context,
    captured,
    // Nobody inside waits for its own: it is here that is waited.
    ...(passesOver ? { passesOver, room: undefined } : {}),
    ...(refusesFiltered ? { refusesFiltered } : {}),
  };
}

/** Is there a way for refused content in particular? Then a reply that a content filter ended is a failure. */
function hasContentWay({ plan, visited }: Journey, { named, depth }: Stop): boolean {
  const { contentPolicy } = plan.fallbacks;
  if (contentPolicy === undefined || depth >= plan.maxFallbacks) return false;
  return nextSteps({ general: contentPolicy }, named, 'content_policy').some(({ model }) => !visited.has(model));
}

function groupOf({ group }: NamedGroup, { groups }: GroupPlan): ModelGroup {
  // Names are resolved among the groups of the same plan.
  return groups.get(group) as ModelGroup;
}

function askedFor({ model }: NamedGroup, request: ModelRequest, params: JsonObject | undefined): ModelRequest {
  return { ...request, body: { ...request.body, ...params, model } };
}

function reportFallback(
  { plan, context, events }: Journey,
  from: NamedGroup,
  to: NamedGroup,
  error: PortkeyError,
): void {
  if (!events.wants('fallback')) return;
  events.emit('fallback', {
    ...factsOf(context),
    from: groupOf(from, plan).path,
    to: groupOf(to, plan).path,
    error,
  });
}

const statusOf: Readonly<Partial<Record<ErrorKind, number>>> = {
  context_window: 400,
  content_policy: 400,
  rate_limit: 429,
  timeout: 408,
};

function asIfFailed(kind: ErrorKind): PortkeyError {
  const message = 'The call asked for this failure, to see its fallbacks at work. Nothing was sent.';
  return apiError({ status: statusOf[kind] ?? 500, kind, type: 'mock_error', message });
}
