import type { CallOptions } from '../../config/client-options.ts';
import type { Endpoint } from '../../core/endpoint.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Portkey } from '../../portkey.ts';
import { callerOf } from '../../resources/caller-of.ts';
import type { ServedReply } from '../../resources/served-reply.ts';
import { callError } from './call-error.ts';
import { type CallSettings, callSettings, type SdkCall } from './call-settings.ts';
import { droppedParams } from './dropped-params.ts';
import type { Warning } from './spec.ts';

/** What the models need of the client behind them. */
export interface Backend {
  /** Reads what stands beside the body. Throws an `APICallError`. */
  settings(call: SdkCall): CallSettings;
  /** Sends a body through the tree. Rejects with an `APICallError`, or with the reason of the call's signal. */
  send(endpoint: Endpoint, body: JsonObject, settings: CallSettings): Promise<Sent>;
}

/** A reply and what the targets asked for it could not honour. */
export interface Sent {
  readonly served: ServedReply;
  readonly dropped: readonly Warning[];
}

/** The client behind the models; `options` stand for every call. Throws `ConfigError`. */
export function createBackend(portkey: Portkey, options: CallOptions): Backend {
  const caller = callerOf(portkey);
  const standing = caller.readOptions(options);
  const dropped = droppedParams(portkey);
  return {
    settings(call) {
      try {
        return callSettings(call, standing, caller.readOptions);
      } catch (error) {
        throw callError(error, {});
      }
    },
    async send(endpoint, body, { call, options }) {
      try {
        const served = await caller.call({ endpoint, body }, call, options);
        return { served, dropped: dropped.take(served.requestId) };
      } catch (error) {
        throw callError(error, body);
      }
    },
  };
}

/** The JSON of a reply that is not streamed. */
export function jsonOf({ served }: Sent): JsonObject {
  const { body } = served.reply;
  if (body.kind !== 'json') throw new TypeError(`A reply of kind "${body.kind}" is not an object.`);
  return body.value;
}
