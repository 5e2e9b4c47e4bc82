import { lazyPart } from '../../core/lazy-part.ts';
import type { OpenedOnce } from '../../core/open-once.ts';
import type { FramingName } from '../../core/provider.ts';
import type { Framing } from './framing.ts';
import { sse } from './sse.ts';

/** Every framing by the name a dialect gives. */
export const framings: Readonly<Record<FramingName, OpenedOnce<Framing>>> = {
  sse: { get: async () => sse, known: sse },
  ndjson: rare((framings) => framings.ndjson),
  'json-array': rare((framings) => framings.jsonArray),
  'aws-event-stream': rare((framings) => framings.awsEventStream),
};

/** Nearly all providers stream in SSE. */
function rare(pick: (framings: typeof import('./rare-framings.ts')) => Framing): OpenedOnce<Framing> {
  return lazyPart('framings', async () => pick(await import('./rare-framings.ts')));
}
