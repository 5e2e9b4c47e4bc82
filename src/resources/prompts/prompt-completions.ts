import type { CallOptions } from '../../config/client-options.ts';
import type { ModelRequest } from '../../core/handler.ts';
import type { ChatCompletion, ChatCompletionChunk } from '../../core/openai/index.ts';
import type { Caller } from '../caller.ts';
import { toValue } from '../reply-value.ts';
import { ResponsePromise } from '../response-promise.ts';
import type { CallArguments } from '../send.ts';
import type { PromptCompletions, PromptRunParams } from './prompt-types.ts';

/** A prompt as a request, and what of the prompt says who is asked. */
export interface RenderedPrompt {
  readonly request: ModelRequest;
  readonly virtualKey?: string | undefined;
}

/** Makes requests of prompts. */
export interface PromptRenderer {
  /** Rejects with `InvalidRequestError` and `NotFoundError`. */
  toRequest(body: PromptRunParams): Promise<RenderedPrompt>;
}

/** Sends what `toRequest` makes of a prompt. */
export function promptCompletions(caller: Caller, { toRequest }: PromptRenderer): PromptCompletions {
  const create = (body: PromptRunParams, ...[params, options]: CallArguments) => {
    const serve = async () => {
      const { request, virtualKey } = await toRequest(body);
      return caller.call(request, withKey(params, virtualKey, caller), options);
    };
    return new ResponsePromise(serve(), toValue<ChatCompletion, ChatCompletionChunk>);
  };
  return { create: create as PromptCompletions['create'] };
}

/** A call that says itself who is asked is not led elsewhere. */
function withKey(params: CallOptions | undefined, virtualKey: string | undefined, caller: Caller) {
  if (virtualKey === undefined) return params;
  const given = params === undefined ? {} : caller.readOptions(params);
  const names = [given.config, given.provider, given.virtualKey].some((name) => name !== undefined);
  return names ? params : { ...given, virtualKey };
}
