import type { HookAnswer, HookFunction, HookStage } from '../../core/hooks.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { CheckOutcome, Run } from './check.ts';
import { textsOf } from './texts/place.ts';

/** A check that asks a function of the user. A guardrail must answer; a mutator may return nothing. */
export function functionRun(ask: HookFunction, type: 'guardrail' | 'mutator'): Run {
  return ({ places, ...subject }, { signal }) => {
    const answer = ask({ ...subject, texts: textsOf(places ?? []), signal });
    const read = (given: HookAnswer) => outcomeOf(given, subject.stage, type);
    return isThenable(answer) ? Promise.resolve(answer).then(read) : read(answer);
  };
}

function isThenable(value: unknown): value is PromiseLike<HookAnswer> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function';
}

const members = ['verdict', 'data', 'request', 'reply'];

/** Read strictly: a verdict that is misspelt must not pass for a yes. */
function outcomeOf(answer: unknown, stage: HookStage, type: 'guardrail' | 'mutator'): CheckOutcome {
  if (typeof answer === 'boolean') return { verdict: answer };
  if (answer === undefined && type === 'mutator') return { verdict: true };
  if (!isJsonObject(answer))
    throw new TypeError(
      `The function returned ${answer === undefined ? 'nothing' : 'neither true nor false nor an object'}.`,
    );
  const unknown = Object.keys(answer).find((key) => !members.includes(key));
  if (unknown !== undefined)
    throw new TypeError(`The function returned an unknown member "${unknown}". Known: ${members.join(', ')}.`);
  const { verdict = true, data } = answer;
  if (typeof verdict !== 'boolean')
    throw new TypeError('The verdict that the function returned is neither true nor false.');
  const body = bodyIn(answer, stage);
  return {
    verdict,
    ...(data === undefined ? {} : { data }),
    ...(body === undefined ? {} : { change: { kind: 'body', body } }),
  };
}

function bodyIn({ request, reply }: JsonObject, stage: HookStage): JsonObject | undefined {
  const [own, other] = stage === 'input' ? [request, reply] : [reply, request];
  if (other !== undefined)
    throw new TypeError(
      `The function returned a ${stage === 'input' ? 'reply before there is one' : 'request that was sent already'}.`,
    );
  if (own !== undefined && !isJsonObject(own)) throw new TypeError('The body that the function returned is no object.');
  return own;
}
