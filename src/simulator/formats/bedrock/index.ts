import { bearerKey } from '../keys.ts';
import { unescaped } from '../path-part.ts';
import type { Call, Route, WireFormat } from '../wire-format.ts';
import { converse } from './converse.ts';
import { bedrockErrorEvent, bedrockFailure } from './errors.ts';

/**
 * Bedrock runtime (Amazon Bedrock API reference); an AWS signature, of which the access key ID is the key and which is not
 * verified, or a Bedrock API key as bearer.
 */
export const bedrock: WireFormat = {
  basePath: '',
  readKey: (call) => bearerKey(call.headers) ?? accessKeyId(call),
  route,
  idHeaders: (requestId) => ['x-amzn-requestid', requestId],
  failure: bedrockFailure,
  errorEvent: bedrockErrorEvent,
};

const signature =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/[^,\s]+,\s*SignedHeaders=[^,\s]+,\s*Signature=[0-9a-f]{64}$/;

function accessKeyId({ headers }: Call): string | undefined {
  const value = headers.authorization;
  return typeof value === 'string' && headers['x-amz-date'] !== undefined ? signature.exec(value)?.[1] : undefined;
}

// A model may be an ARN, whose slash and colons are escaped.
const path = /^\/model\/([^/]+)\/(converse|converse-stream)$/;

function route(call: Call): Route | undefined {
  const [, id, verb] = path.exec(call.path) ?? [];
  if (id === undefined || call.method !== 'POST') return undefined;
  return { operation: converse, model: unescaped(id), stream: verb === 'converse-stream' };
}
