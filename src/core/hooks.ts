import type { Endpoint } from './endpoint.ts';
import type { JsonObject } from './json.ts';

/** Before anything is sent, or once the reply is there. */
export type HookStage = 'input' | 'output';

/** What the guardrails and mutators of a request said, as Portkey writes it into replies and errors. */
export interface HookResults {
  readonly before_request_hooks: readonly HookResult[];
  readonly after_request_hooks: readonly HookResult[];
}

/** What one guardrail or mutator said. */
export interface HookResult {
  readonly id: string;
  readonly type: 'guardrail' | 'mutator';
  /** True when every check passed. */
  readonly verdict: boolean;
  /** A failure refuses the request, or the reply. */
  readonly deny: boolean;
  readonly async: boolean;
  /** Nothing was checked: there was nothing to look at, or one before it had refused already. */
  readonly skipped: boolean;
  /** What is sent, or handed out, is no longer what was given. */
  readonly transformed: boolean;
  readonly checks: readonly CheckResult[];
  readonly feedback?: HookFeedback;
  /** Milliseconds. */
  readonly execution_time: number;
  /** ISO 8601. */
  readonly created_at: string;
}

/** What one check said. */
export interface CheckResult {
  readonly id: string;
  readonly verdict: boolean;
  /** What else the check tells; never the text it looked at, unless a function or webhook of the user says it. */
  readonly data: unknown;
  /** Why it could not be made; whether that counts as passed is up to `on_error`. */
  readonly error: { readonly name: string; readonly message: string } | null;
  readonly transformed: boolean;
  /** There was nothing it could look at, so it passed. */
  readonly skipped: boolean;
  /** Milliseconds. */
  readonly execution_time: number;
  /** ISO 8601. */
  readonly created_at: string;
}

/** `on_success.feedback` or `on_fail.feedback` of a guardrail, by its verdict. */
export interface HookFeedback {
  readonly value: number;
  readonly weight: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * A check or mutator written in code. Called once for each request, and again where the body differs from target to target; a function
 * of `after…` is called for each reply. What it throws, and its timeout, count as `on_error` says.
 */
export type HookFunction = (given: HookInput) => HookAnswer | Promise<HookAnswer>;

/** What a {@link HookFunction} is given. None of it may be changed in place. */
export interface HookInput {
  readonly stage: HookStage;
  readonly endpoint: Endpoint;
  /** The body as it will be, or was, asked of the target: after `override_params` and the mutators before. */
  readonly request: JsonObject;
  /** The reply in OpenAI's shape (Anthropic's for `messages`); of a stream, what its chunks make together. Output only. */
  readonly reply?: JsonObject;
  /** The texts of the message that is checked (of all, with `messages: 'all'`), or of the reply, one for each choice. Empty where there is none. */
  readonly texts: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the target stands in the config. */
  readonly path: string;
  readonly requestId: string;
  readonly traceId: string;
  /** Aborts when the caller leaves, or the function's time is over. */
  readonly signal: AbortSignal;
}

/** True: passed. A mutator may also return nothing. */
export type HookAnswer = boolean | HookVerdict | undefined;

/** More than a yes or no. */
export interface HookVerdict {
  /** Default true. */
  readonly verdict?: boolean;
  /** Handed out in `hook_results`. */
  readonly data?: unknown;
  /** Input: the body to send instead. */
  readonly request?: JsonObject;
  /** Output: the reply to hand out instead. Of a stream only texts may differ. */
  readonly reply?: JsonObject;
}
