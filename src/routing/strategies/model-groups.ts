import type { RequestContext } from '../../core/context.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import { ModelNotFoundError } from '../../core/errors/routing-errors.ts';
import type { EventSink } from '../../core/events.ts';
import type { Handler, Middleware, ModelRequest } from '../../core/handler.ts';
import type { Reply } from '../../core/reply.ts';
import { withCall } from './group-fallbacks.ts';
import { type GroupPlan, throughGroups } from './group-journey.ts';
import type { NamedGroup } from './group-names.ts';

/** What a node of model groups is made of. */
export interface ModelGroupsOptions extends GroupPlan {
  /** What stands above a group, and above all that may be asked in its place, by the group's name. */
  readonly above: ReadonlyMap<string, Middleware>;
  /** Names a request may use, for messages. */
  readonly known: readonly string[];
}

/** The group that a request's `model` names, then those in its place. Rejects with `ModelNotFoundError` when there is no such group. */
export function modelGroups(options: ModelGroupsOptions, events: EventSink): Handler {
  const { above, groups, known, resolve } = options;
  const entries = new Map(
    [...groups.keys()].map((group): [string, Handler] => {
      const entry: Handler = (request, context) =>
        throughGroups(
          options,
          { group, model: modelOf(request) ?? group, captured: context.captured ?? [] },
          { request, context, events },
        );
      return [group, above.get(group)?.(entry) ?? entry];
    }),
  );
  return (request, context) => {
    const model = modelOf(request);
    const named = resolve(model ?? '');
    if (named === undefined) return Promise.reject(unknown(model, known));
    const asked = { request: askedFor(named, request), context: withCaptured(named, context), events };
    const { groups: ways, disableFallbacks } = context.call;
    return ways === undefined && disableFallbacks !== true
      ? (entries.get(named.group) as Handler)(asked.request, asked.context)
      : asCalled(options, named, asked);
  };
}

/** A way of its own, for a call that changes the ways: whoever is asked last waits for itself. */
function asCalled(
  options: ModelGroupsOptions,
  named: NamedGroup,
  asked: { readonly request: ModelRequest; readonly context: RequestContext; readonly events: EventSink },
): Promise<Reply> {
  const { groups: call = {}, disableFallbacks } = asked.context.call;
  const maxFallbacks = disableFallbacks === true ? 0 : (call.maxFallbacks ?? options.maxFallbacks);
  return throughGroups({ ...options, maxFallbacks, fallbacks: withCall(options.fallbacks, named, call) }, named, asked);
}

function unknown(model: string | undefined, known: readonly string[]) {
  if (model !== undefined) return new ModelNotFoundError(model, known);
  return new InvalidRequestError('model', `"model" says which of these models to ask: ${known.join(', ')}.`);
}

function modelOf({ body }: ModelRequest): string | undefined {
  return typeof body.model === 'string' ? body.model : undefined;
}

/** A group is asked by its own name, whatever alias led to it. */
function askedFor({ model }: NamedGroup, request: ModelRequest): ModelRequest {
  const { body } = request;
  return body.model === undefined || body.model === model ? request : { ...request, body: { ...body, model } };
}

function withCaptured({ captured }: NamedGroup, context: RequestContext): RequestContext {
  return captured.length === 0 ? context : { ...context, captured };
}
