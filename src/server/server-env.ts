import type { Context } from 'hono';
import type { HttpAnswer } from '../resources/http/index.ts';
import type { Exchange } from './exchange.ts';

/** What the server's parts find at a request beside hono's own. */
export interface ServerEnv {
  readonly Bindings: HostBindings;
  readonly Variables: { exchange: Exchange };
}

/** What a runtime may hand over with a request; nothing on edge runtimes. */
export interface HostBindings {
  /** The request's headers, where the runtime has them as an object: names in lower case. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Who is at the other end of the connection, by its address. */
  readonly address?: (() => string | undefined) | undefined;
  /** Writes an answer past `Response`, and gives what the runtime takes for "already sent". `onEnd` is told once, when nothing more goes out. */
  readonly write?: (answer: HttpAnswer, onEnd: OnEnd) => Response;
}

/** Told how a response ended: `aborted` when the caller left before its end. */
export type OnEnd = (outcome: 'success' | 'aborted') => void;

/** One request in hono. */
export type ServerContext = Context<ServerEnv>;
