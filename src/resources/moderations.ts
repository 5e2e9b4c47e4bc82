import type { ModerationCreateParams, ModerationCreateResponse } from '../core/openai/index.ts';
import type { Caller } from './caller.ts';
import { checkBody } from './check-body.ts';
import { type ReplyFacts, toWhole } from './reply-value.ts';
import type { ResponsePromise } from './response-promise.ts';
import { type CallArguments, send } from './send.ts';

/** `portkey.moderations` */
export interface Moderations {
  create(body: ModerationCreateParams, ...args: CallArguments): ResponsePromise<ModerationCreateResponse & ReplyFacts>;
}

/** The moderations resource of a client. */
export function moderations(caller: Caller): Moderations {
  return {
    create: (body, ...args) =>
      send(
        caller,
        () => ({ endpoint: 'moderations', body: checkBody(body, 'A moderation', examples) }),
        args,
        toWhole<ModerationCreateResponse>,
      ),
  };
}

const examples = { input: '"Text to judge"' };
