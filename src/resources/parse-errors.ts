import { nameClass, PortkeyError } from '../core/errors/portkey-error.ts';
import type { ChatCompletion } from '../core/openai/chat-reply.ts';

/** The answer cannot be parsed: it was cut off by the token limit. `completion` holds what there is, when it is known. */
export class LengthFinishReasonError extends PortkeyError {
  readonly completion: ChatCompletion | undefined;

  static {
    nameClass(LengthFinishReasonError, 'LengthFinishReasonError');
  }

  constructor(completion?: ChatCompletion) {
    super('truncated', 'The answer reached the token limit and cannot be parsed. Raise max_completion_tokens.');
    this.completion = completion;
  }
}

/** The answer cannot be parsed: it was withheld by the provider's content filter. */
export class ContentFilterFinishReasonError extends PortkeyError {
  readonly completion: ChatCompletion | undefined;

  static {
    nameClass(ContentFilterFinishReasonError, 'ContentFilterFinishReasonError');
  }

  constructor(completion?: ChatCompletion) {
    super('content_policy', "The answer was withheld by the provider's content filter and cannot be parsed.");
    this.completion = completion;
  }
}

/** The model wrote no JSON, or JSON that does not fit the schema. `cause` is the parser's error, `content` the text. */
export class UnparsableContentError extends PortkeyError {
  readonly content: string;

  static {
    nameClass(UnparsableContentError, 'UnparsableContentError');
  }

  constructor(what: string, content: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super('unreadable', `${what} cannot be parsed: ${why}`, { cause });
    this.content = content;
  }
}
