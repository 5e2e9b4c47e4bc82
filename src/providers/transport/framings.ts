import type { FramingName } from '../../core/provider.ts';
import { awsEventStream } from './aws-event-stream.ts';
import type { Framing } from './framing.ts';
import { jsonArray } from './json-array.ts';
import { ndjson } from './ndjson.ts';
import { sse } from './sse.ts';

/** Every framing by the name a dialect gives. */
export const framings: Readonly<Record<FramingName, Framing>> = {
  sse,
  ndjson,
  'json-array': jsonArray,
  'aws-event-stream': awsEventStream,
};
