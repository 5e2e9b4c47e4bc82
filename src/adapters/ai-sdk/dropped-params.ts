import type { Portkey } from '../../portkey.ts';
import type { Warning } from './spec.ts';

/** What targets could not honour, by request. */
export interface DroppedParams {
  /** The warnings of a request, once. */
  take(requestId: string): readonly Warning[];
}

const requestsKept = 1000;

/** Listens to what a client's targets leave out. Requests that nobody asks about are forgotten, oldest first. */
export function droppedParams(portkey: Portkey): DroppedParams {
  const byRequest = new Map<string, Warning[]>();
  portkey.on('warning', ({ code, message, requestId, param }) => {
    if (code !== 'dropped_params' || requestId === undefined) return;
    const known = byRequest.get(requestId) ?? [];
    known.push({ type: 'unsupported', feature: param ?? 'parameter', details: message });
    byRequest.set(requestId, known);
    if (byRequest.size > requestsKept) byRequest.delete(byRequest.keys().next().value ?? '');
  });
  return {
    take(requestId) {
      const warnings = byRequest.get(requestId) ?? [];
      byRequest.delete(requestId);
      return warnings;
    },
  };
}
