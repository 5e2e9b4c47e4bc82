import { awsEventStream } from './aws-event-stream.ts';
import { type Framing, type FramingName, jsonArray, sse } from './framing.ts';

/** Every framing by name. */
export const framings: Readonly<Record<FramingName, Framing>> = {
  sse,
  'json-array': jsonArray,
  'aws-event-stream': awsEventStream,
};
