import { type Span, SpanStatusCode } from '@opentelemetry/api';
import type { ReplyOutcome } from '../../core/reply.ts';
import { redactText } from '../logs/redact.ts';

/** Says on a span how a reply ended. `error.type` is one of our error kinds; a caller that left is no error. */
export function markFailed(span: Span, { result, error }: ReplyOutcome): void {
  if (result === 'aborted') span.setAttribute('modelmux.aborted', true);
  if (result !== 'failure') return;
  span.setAttribute('error.type', error?.kind ?? '_OTHER');
  span.setStatus({
    code: SpanStatusCode.ERROR,
    ...(error === undefined ? {} : { message: redactText(error.message) }),
  });
}
