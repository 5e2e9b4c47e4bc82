// One file to load: each of them is too small for one of its own.
export { awsEventStream } from './aws-event-stream.ts';
export { jsonArray } from './json-array.ts';
export { ndjson } from './ndjson.ts';
