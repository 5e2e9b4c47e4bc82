import type * as z from 'zod/mini';
import type { Endpoint } from '../../core/endpoint.ts';
import type { HookStage } from '../../core/hooks.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { MessageChoice } from './texts/input-texts.ts';
import type { Path, TextPlace } from './texts/place.ts';

/** What a check looks at. */
export interface Subject {
  readonly stage: HookStage;
  readonly endpoint: Endpoint;
  /** The body as it will be, or was, asked of the target. */
  readonly request: JsonObject;
  /** The whole reply; output only. */
  readonly reply?: JsonObject;
  /** The texts to check, by where they stand in the request (input) or the reply (output); undefined where there are none at all. */
  readonly places: readonly TextPlace[] | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly path: string;
  readonly requestId: string;
  readonly traceId: string;
}

/** What a check says. */
export interface CheckOutcome {
  readonly verdict: boolean;
  readonly data?: unknown;
  readonly change?: Change;
  /** There was nothing it could look at. */
  readonly skipped?: true;
}

/** What a check makes of the request (input) or the reply (output). */
export type Change =
  | { readonly kind: 'texts'; readonly texts: readonly (readonly [Path, string])[] }
  | { readonly kind: 'body'; readonly body: JsonObject };

/** What a check may use of the outside. */
export interface CheckTools {
  /** Aborts when the caller leaves, or the check's time is over. */
  readonly signal: AbortSignal;
  readonly transport: Runtime['transport'];
}

/** Judges one request or reply. What it throws is an error of the check, not a verdict. */
export type Run = (subject: Subject, tools: CheckTools) => CheckOutcome | Promise<CheckOutcome>;

/** A check, its parameters read. */
export interface Check extends CheckRules {
  readonly id: string;
}

/** How a check is made. */
export interface CheckRules {
  readonly run: Run;
  /** Changes what it looks at, so that no other runs beside it. */
  readonly changes?: boolean;
  /** Milliseconds it may take, where it says so itself. */
  readonly timeoutMs?: number;
  /** Which messages of a request it looks at where its guardrail does not say; the last when absent. */
  readonly messages?: MessageChoice;
}

/** Called with the path below the parameters (`.rule`, or empty) and what is wrong there. */
export type ReportIssue = (path: string, message: string) => void;

/** A kind of check that configs name by its ID. */
export interface CheckKind {
  /** Where it has a meaning; both when absent. */
  readonly stage?: HookStage;
  /** Reads parameters; undefined after it has reported what is wrong with them. */
  build(parameters: unknown, report: ReportIssue): CheckRules | undefined;
}

/** The parameters that a schema describes. */
export type ParametersOf<Shape extends z.core.$ZodShape> = z.infer<z.ZodMiniObject<Shape>>;
