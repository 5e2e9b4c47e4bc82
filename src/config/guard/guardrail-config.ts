import type { HookFunction } from '../../core/hooks.ts';
import type { JsonObject } from '../../core/json.ts';

/** An entry of `input_guardrails`, `before_request_hooks`, …: a guardrail, the ID of one in the client's `guardrails`, or a function, which may refuse. */
export type GuardrailEntry = string | HookFunction | Guardrail | ShortGuardrail;

/** What a guardrail or mutator may say beside its checks. */
export interface GuardrailOptions {
  /** Names it in `hook_results`, events and errors. Default: where it stands. */
  readonly id?: string;
  /** For people. */
  readonly name?: string;
  /** A mutator changes what it looks at, and may refuse. Default by the list it stands in. */
  readonly type?: 'guardrail' | 'mutator';
  /** A failed check refuses with status 446. Default false, as in Portkey: the reply then has status 246. Default true for mutators and functions. */
  readonly deny?: boolean;
  /** Runs beside the request, delays nothing and refuses nothing; a `guardrail` event tells the verdict. */
  readonly async?: boolean;
  /** Checks one after the other instead of at the same time, each on what those before made. Mutators always do. */
  readonly sequential?: boolean;
  /** Told in `hook_results` and events when every check passed. */
  readonly on_success?: GuardrailAction;
  /** Told when a check failed. */
  readonly on_fail?: GuardrailAction;
  /** A check that throws or takes too long counts as failed (`deny`, default) or as passed (`allow`). */
  readonly on_error?: 'deny' | 'allow';
  /** Milliseconds a check may take. Default 30,000; webhooks 3,000, or their own `timeout`. */
  readonly timeout?: number;
  /**
   * Output of streams. `hold`: nothing is handed out before all of it has come and passed, so that a refusal is one. `end`: chunks pass as
   * they come; a refusal reaches the reader at the end as `GuardrailError`, other verdicts as a last chunk with `hook_results`. Default
   * `hold` where it can refuse or change, else `end`.
   */
  readonly stream?: 'hold' | 'end';
  /** Input: look at the last message, or at all that are sent. Default `last`, as in Portkey; for `regexReplace` `all`. */
  readonly messages?: 'last' | 'all';
  /** Portkey's; without effect here. */
  readonly guardrail_version_id?: string;
}

/** A guardrail or mutator in Portkey's raw form. */
export interface Guardrail extends GuardrailOptions {
  /** At least one. All must pass. */
  readonly checks: readonly (GuardrailCheck | HookFunction)[];
}

/** One check: Portkey's by its ID, or a function under a name of its own. */
export type GuardrailCheck =
  | { readonly id: string; readonly name?: string; readonly parameters?: JsonObject; readonly is_enabled?: boolean }
  | { readonly id: string; readonly run: HookFunction; readonly is_enabled?: boolean };

/** The short form: checks by their IDs beside the options, as in `{ "default.contains": { "operator": "none", "words": ["x"] }, "deny": true }`. */
export type ShortGuardrail = GuardrailOptions & { readonly [checkId: `default.${string}`]: JsonObject };

/** What is to be told of a verdict. */
export interface GuardrailAction {
  readonly feedback?: { readonly value?: number; readonly weight?: number; readonly metadata?: JsonObject };
}

/** Lists of hooks that any node may have. A node's own lists of one side, input or output, replace those it would inherit. */
export interface HookLists {
  /** Before anything is sent: mutators first, then guardrails, each in order. */
  readonly before_request_hooks?: readonly GuardrailEntry[];
  /** Look at the request before it is sent. */
  readonly input_guardrails?: readonly GuardrailEntry[];
  /** Change the request before it is sent. */
  readonly input_mutators?: readonly GuardrailEntry[];
  /** On each reply. */
  readonly after_request_hooks?: readonly GuardrailEntry[];
  /** Look at each reply. */
  readonly output_guardrails?: readonly GuardrailEntry[];
  /** Change each reply. */
  readonly output_mutators?: readonly GuardrailEntry[];
  /** Root only: in front of every other, and replaced by none. */
  readonly default_input_guardrails?: readonly GuardrailEntry[];
  /** Root only: in front of every other, and replaced by none. */
  readonly default_output_guardrails?: readonly GuardrailEntry[];
}
