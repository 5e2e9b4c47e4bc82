import type { HookResult, HookResults, HookStage } from '../hooks.ts';
import { isJsonObject } from '../json.ts';
import type { HeaderMap } from '../reply.ts';
import { APIError } from './api-error.ts';
import { nameClass } from './portkey-error.ts';

/** Portkey's status for what a guardrail refused. */
export const refusedStatus = 446;

/** A guardrail with `deny` refused the request, before anything was sent, or the reply. Status 446, type `hooks_failed`, as Portkey answers. */
export class GuardrailError extends APIError {
  /** What every guardrail said so far. Portkey puts it beside `error` in the body of the answer. */
  readonly hook_results: HookResults;
  /** `input`: nothing was sent. */
  readonly stage: HookStage;

  static {
    nameClass(GuardrailError, 'GuardrailError');
  }

  constructor({ message, stage, results, headers }: Refusal) {
    const error = { message, type: 'hooks_failed', param: null, code: null };
    super({ ...error, status: refusedStatus, kind: 'guardrail', error, headers });
    this.hook_results = results;
    this.stage = stage;
  }
}

/** What a {@link GuardrailError} is made of. */
export interface Refusal {
  readonly message: string;
  readonly stage: HookStage;
  readonly results: HookResults;
  readonly headers?: HeaderMap | undefined;
}

/** The error for a target at `path` whose guardrails refused. */
export function refusalAt(path: string, stage: HookStage, results: HookResults): GuardrailError {
  const what = stage === 'input' ? 'was not asked' : 'gave an answer that is not handed out';
  const { before_request_hooks, after_request_hooks } = results;
  const reasons = (stage === 'input' ? before_request_hooks : after_request_hooks).filter(refuses).map(reasonOf);
  return new GuardrailError({ message: `${path} ${what}: ${reasons.join(' ')}`, stage, results });
}

/** The same error where a gateway says so in the body of a 446; undefined for any other body. */
export function refusalByGateway(body: unknown, message: string, headers: HeaderMap): GuardrailError | undefined {
  const given = isJsonObject(body) && isJsonObject(body.hook_results) ? body.hook_results : undefined;
  if (given === undefined) return undefined;
  const listOf = (value: unknown): readonly HookResult[] =>
    (Array.isArray(value) ? value.filter(isJsonObject) : []) as never;
  const results: HookResults = {
    before_request_hooks: listOf(given.before_request_hooks),
    after_request_hooks: listOf(given.after_request_hooks),
  };
  const stage = results.before_request_hooks.some(refuses) ? 'input' : 'output';
  return new GuardrailError({ message, stage, results, headers });
}

function refuses({ verdict, deny }: HookResult): boolean {
  return deny && !verdict;
}

function reasonOf({ id, type, checks }: HookResult): string {
  const failed = checks
    .filter(({ verdict }) => !verdict)
    .map((check) => (check.error === null ? check.id : `${check.id}, which could not be made`));
  return `the ${type} "${id}" refused it by ${failed.join(', ')}.`;
}
