import type { StreamSource } from '../stream-source.ts';

/** An HTTP response as plain data: a server may write it to its socket, others make a `Response` of it. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case, values Latin-1, without length, encoding and anything about the connection. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AnswerBody;
}

/** What an answer carries. */
export type AnswerBody =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** Server-sent events, framed, one a text. `return()` closes the provider's socket; `next()` rejects only when the caller left, with the reason. */
  | { readonly kind: 'events'; readonly events: StreamSource<string> };
