import type { RequestContext } from '../../../core/context.ts';
import type { ModelRequest } from '../../../core/handler.ts';
import { isJsonObject } from '../../../core/json.ts';
import { prefixKey } from './prefix-key.ts';

/** What makes requests belong together. */
export type AffinityKind = 'user' | 'session' | 'prefix';

/** What requests that belong together have in common; undefined for one that says nothing of it. */
export type KeyOf = (request: ModelRequest, context: Pick<RequestContext, 'metadata'>) => string | undefined;

/** The first kind of `by` that a request says something of, computed once per request. */
export function affinityKey(by: readonly AffinityKind[]): KeyOf {
  const known = new WeakMap<ModelRequest, { readonly key: string | undefined }>();
  return (request, context) => {
    const before = known.get(request);
    if (before !== undefined) return before.key;
    let key: string | undefined;
    for (const kind of by) {
      const found = keyOfKind[kind](request, context);
      if (found === undefined) continue;
      key = `${kind} ${found}`;
      break;
    }
    known.set(request, { key });
    return key;
  };
}

const keyOfKind: Readonly<Record<AffinityKind, KeyOf>> = {
  user: ({ body }, { metadata }) =>
    firstText(
      body.user,
      body.safety_identifier,
      inside(body.metadata, 'user_id'),
      metadata._user,
      metadata.user_id,
      metadata.user,
    ),
  session: ({ body }, { metadata }) =>
    firstText(
      metadata.session_id,
      metadata._session,
      metadata.conversation_id,
      metadata.thread_id,
      inside(body.metadata, 'session_id'),
      body.conversation,
      inside(body.conversation, 'id'),
      body.prompt_cache_key,
    ),
  prefix: prefixKey,
};

function inside(holder: unknown, name: string): unknown {
  return isJsonObject(holder) ? holder[name] : undefined;
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '');
}
