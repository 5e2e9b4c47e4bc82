import { APIError } from '../../../core/errors/api-error.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { CodecScope, StreamDecoder } from '../../../core/provider.ts';
import { asList, asNumber, asObject, asObjects, asText } from '../shared/lenient.ts';
import type { WriteEvent } from './item.ts';
import { newOutput, type Output } from './output.ts';
import { endingOf, type Identity, identityOf, responseObject, totalsOf, wantsEncrypted } from './response.ts';
import { type ThinkingKeeper, thinkingKeeper } from './thinking.ts';

/**
 * A decoder that hands out the events of a streamed response, made from the chunks of `chat`. The last event waits for the
 * end marker or the end of the wire, because usage may come after the finish reason. An error throws as it does for chat; where output has
 * begun, `response.failed` comes before it.
 */
export function responseEvents(chat: StreamDecoder, scope: CodecScope): StreamDecoder {
  let stream: ResponseStream | undefined;
  let sequence = 0;
  const writeTo = (emit: WriteEvent): WriteEvent => {
    return (event) => emit({ ...event, sequence_number: sequence++ });
  };

  function take(chunk: JsonObject, write: WriteEvent): void {
    stream ??= openStream(identityOf(chunk, scope), scope, write);
    stream.take(chunk, write);
  }
  function failing(run: () => void, write: WriteEvent): void {
    try {
      run();
    } catch (error) {
      if (error instanceof APIError) stream?.fail(error, write);
      throw error;
    }
  }

  let isOver = false;
  function end(emit: WriteEvent): boolean {
    const write = writeTo(emit);
    let isWhole = false;
    failing(() => {
      isWhole = chat.end((chunk) => take(chunk, write));
    }, write);
    if (isWhole && !isOver) stream?.finish(write);
    isOver ||= isWhole;
    return isWhole;
  }

  return {
    push(event, emit) {
      const write = writeTo(emit);
      let isMarked = false;
      failing(() => {
        isMarked = chat.push(event, (chunk) => take(chunk, write)) === true;
      }, write);
      // Nobody asks for the rest after an end marker.
      return isMarked && end(emit);
    },
    end,
  };
}

interface ResponseStream {
  take(chunk: JsonObject, write: WriteEvent): void;
  finish(write: WriteEvent): void;
  fail(error: APIError, write: WriteEvent): void;
}

function openStream(identity: Identity, scope: CodecScope, first: WriteEvent): ResponseStream {
  let current = first;
  const thinking = thinkingKeeper(wantsEncrypted(scope));
  const output = newOutput({ id: identity.id, write: (event) => current(event), takeEncrypted: thinking.take });
  let totals: JsonObject = {};
  let finishReason: string | undefined;
  const response = (members: JsonObject) => responseObject(identity, scope, members);

  first({ type: 'response.created', response: response({}) });
  first({ type: 'response.in_progress', response: response({}) });
  return {
    take(chunk, write) {
      current = write;
      totals = { ...totals, ...totalsOf(chunk) };
      const choice = asObjects(chunk.choices)[0] ?? {};
      finishReason = asText(choice.finish_reason) ?? finishReason;
      takeChoice(choice, output, thinking);
    },
    finish(write) {
      current = write;
      const { itemStatus, members } = endingOf(finishReason);
      const whole = response({ ...members, output: output.close(itemStatus), ...totals });
      write({ type: `response.${members.status}`, response: whole });
    },
    fail(error, write) {
      if (!output.hasBegun()) return;
      current = write;
      const failure = {
        code: error.kind === 'rate_limit' ? 'rate_limit_exceeded' : 'server_error',
        message: error.message,
      };
      const members = { status: 'failed', error: failure, output: output.close('incomplete'), ...totals };
      write({ type: 'response.failed', response: response(members) });
    },
  };
}

function takeChoice(choice: JsonObject, output: Output, thinking: ThinkingKeeper): void {
  const delta = asObject(choice.delta);
  output.reasoning(asText(delta.reasoning_content) ?? '', thinking.add(delta));
  output.text(asText(delta.content) ?? '', asList(asObject(choice.logprobs).content));
  for (const annotation of asObjects(delta.annotations)) output.annotation(annotation);
  output.refusal(asText(delta.refusal) ?? '');
  for (const [position, call] of asObjects(delta.tool_calls).entries())
    output.call(asNumber(call.index) ?? position, call);
}
