import type { RequestContext } from '../../core/context.ts';
import type { Endpoint } from '../../core/endpoint.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import type { Middleware, ModelRequest } from '../../core/handler.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ResolveGroup } from '../../routing/strategies/index.ts';
import { type Draft, FieldProblem, type ReadField } from './draft.ts';
import { fields, readMetadata } from './fields.ts';

/**
 * Takes LiteLLM's own fields out of every body: they hold for that request and reach no provider. Stands above all else of a config, so
 * that neither cache nor conditions see them. Rejects with `InvalidRequestError` (400), naming field and place, what cannot be meant.
 */
export function litellmFields(resolve: ResolveGroup | undefined): Middleware {
  return (next) => (request, context) => {
    if (withoutFields.has(request.endpoint)) return next(request, context);
    const own = fieldsOf(request);
    const found = Object.keys(request.body).filter((name) => own(name) !== undefined);
    if (found.length === 0) return next(request, context);
    try {
      const draft = readAll(found, own, { request, resolve });
      return next({ ...request, body: without(request.body, found) }, withDraft(context, draft));
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

/** Bodies that are the provider's business alone. */
const withoutFields: ReadonlySet<Endpoint> = new Set<Endpoint>(['models', 'files', 'batches', 'proxy']);

/** Endpoints whose `metadata` is the provider's; LiteLLM's is `litellm_metadata` there. */
const withMetadata: ReadonlySet<Endpoint> = new Set<Endpoint>(['responses', 'messages']);

function fieldsOf({ endpoint }: ModelRequest): (name: string) => ReadField | undefined {
  return (name) => (name === 'metadata' && !withMetadata.has(endpoint) ? readMetadata : fields.get(name));
}

function readAll(
  found: readonly string[],
  own: (name: string) => ReadField | undefined,
  { request, resolve }: { readonly request: ModelRequest; readonly resolve: ResolveGroup | undefined },
): Draft {
  const { body } = request;
  const asked = typeof body.model === 'string' ? body.model : '';
  const draft: Draft = { model: resolve?.(asked)?.model ?? asked, resolve, call: {}, groups: {}, metadata: {} };
  for (const name of found) {
    const value = body[name];
    if (value === null || value === undefined) continue;
    try {
      own(name)?.(value, draft);
    } catch (error) {
      if (!(error instanceof FieldProblem)) throw error;
      throw new InvalidRequestError(`${name}${error.path}`, `"${name}${error.path}": ${error.message}`);
    }
  }
  return draft;
}

/** What the caller's options say stays: a body cannot write over the metadata it is billed by. */
function withDraft(context: RequestContext, { call, groups, metadata }: Draft): RequestContext {
  const changesGroups = Object.keys(groups).length > 0;
  return {
    ...context,
    metadata: { ...metadata, ...context.metadata },
    call: { ...context.call, ...call, ...(changesGroups ? { groups } : {}) },
  };
}

function without(body: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}
