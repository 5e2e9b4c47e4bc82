import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Reply } from '../../../core/reply.ts';

/** Tells `see` the ID of the response that `reply` is, at once or when its stream brings it. */
export function watchResponse({ body }: Reply, see: (id: string) => void): void {
  if (body.kind === 'json') told(body.value, see);
  if (body.kind !== 'stream') return;
  let isKnown = false;
  body.chunks.watch(({ response }) => {
    if (!isKnown && isJsonObject(response)) isKnown = told(response, see);
  });
}

function told({ id }: JsonObject, see: (id: string) => void): boolean {
  if (typeof id !== 'string') return false;
  see(id);
  return true;
}
