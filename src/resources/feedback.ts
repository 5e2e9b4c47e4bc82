import { InvalidRequestError } from '../core/errors/request-errors.ts';
import type { Feedback as StoredFeedback } from '../core/log-record.ts';
import type { Runtime } from '../core/runtime.ts';
import { objectPath } from './call-path.ts';
import type { Caller } from './caller.ts';
import { keptLogs, type LogAccess } from './log-access.ts';
import { toWhole } from './reply-value.ts';
import { type CallArguments, send } from './send.ts';

/** `portkey.feedback`, as in `portkey-ai`. */
export interface Feedback {
  /** Judges the calls of a trace, before or after they are logged; several at once where a list is given. */
  create(
    body: FeedbackCreateParams | readonly FeedbackCreateParams[],
    ...args: CallArguments
  ): Promise<FeedbackResponse>;
  /** Changes what was said. */
  update(body: FeedbackUpdateParams, ...args: CallArguments): Promise<FeedbackResponse>;
}

/** A judgement of the calls of one trace. */
export interface FeedbackCreateParams {
  readonly traceID?: string | undefined;
  readonly traceId?: string | undefined;
  /** A whole number, -10 to 10. */
  readonly value: number;
  /** 0 to 1. Default 1. */
  readonly weight?: number | undefined;
  /** Values that are not strings are written as JSON. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** What to change of a judgement. */
export interface FeedbackUpdateParams {
  /** As `create` gave it. */
  readonly feedbackID: string;
  readonly value?: number | undefined;
  readonly weight?: number | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** Portkey's answer. */
export interface FeedbackResponse {
  readonly status: 'success';
  readonly message: string;
  readonly feedback_id: readonly string[];
}

/** The feedback resource of a client that keeps its own logs; `access` is undefined where it keeps none. */
export function localFeedback(access: LogAccess | undefined, runtime: Runtime): Feedback {
  return {
    async create(body) {
      const all = (
        Array.isArray(body) ? (body as readonly FeedbackCreateParams[]) : [body as FeedbackCreateParams]
      ).map((one) => toFeedback(one, runtime));
      const store = keptLogs(access);
      for (const feedback of all) await store.putFeedback(feedback);
      return said('saved', all);
    },
    async update({ feedbackID, ...changes }) {
      const store = keptLogs(access);
      const known = await store.feedback(feedbackID);
      if (known === undefined) throw new InvalidRequestError('feedbackID', `There is no feedback "${feedbackID}".`);
      const changed = { ...known, ...checked({ ...known, ...definedOf(changes) }) };
      await store.putFeedback(changed);
      return said('updated', [changed]);
    },
  };
}

/** The feedback resource of a client before a gateway, which keeps it. */
export function gatewayFeedback(caller: Caller): Feedback {
  const one = ({ traceID, traceId = traceID, ...rest }: FeedbackCreateParams, args: CallArguments) =>
    send(
      caller,
      () => ({ endpoint: 'proxy', method: 'POST', path: '/feedback', body: { trace_id: traceId, ...rest } }),
      args,
      toWhole<FeedbackResponse>,
    );
  return {
    async create(body, ...args) {
      const answers: FeedbackResponse[] = [];
      for (const item of Array.isArray(body)
        ? (body as readonly FeedbackCreateParams[])
        : [body as FeedbackCreateParams])
        answers.push(await one(item, args));
      const [first, ...others] = answers;
      if (first === undefined) return said('saved', []);
      return others.length === 0 ? first : { ...first, feedback_id: answers.flatMap((answer) => answer.feedback_id) };
    },
    update: ({ feedbackID, ...changes }, ...args) =>
      send(
        caller,
        () => ({ endpoint: 'proxy', method: 'PUT', path: objectPath('feedback', feedbackID), body: { ...changes } }),
        args,
        toWhole<FeedbackResponse>,
      ),
  };
}

function said(what: string, all: readonly { readonly id: string }[]): FeedbackResponse {
  return { status: 'success', message: `Feedback successfully ${what}`, feedback_id: all.map(({ id }) => id) };
}

function toFeedback({ traceID, traceId = traceID, ...given }: FeedbackCreateParams, runtime: Runtime): StoredFeedback {
  if (typeof traceId !== 'string' || traceId === '')
    throw new InvalidRequestError('traceID', '"traceID" is the trace that the feedback is about.');
  return {
    id: runtime.requestId(),
    traceId,
    ...checked({ weight: 1, ...definedOf(given) }),
    createdAt: runtime.clock.now(),
  };
}

function definedOf<Given extends object>(given: Given): Given {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Given;
}

interface Judgement {
  readonly value?: unknown;
  readonly weight?: unknown;
  readonly metadata?: unknown;
}

/** Ranges as Portkey's API reference gives them, "Feedback". */
function checked({ value, weight, metadata = {} }: Judgement): Pick<StoredFeedback, 'value' | 'weight' | 'metadata'> {
  if (typeof value !== 'number' || !Number.isInteger(value) || Math.abs(value) > 10)
    throw new InvalidRequestError('value', '"value" is a whole number from -10 to 10.');
  if (typeof weight !== 'number' || !(weight >= 0 && weight <= 1))
    throw new InvalidRequestError('weight', '"weight" is a number from 0 to 1.');
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
    throw new InvalidRequestError('metadata', '"metadata" is an object such as { "by": "Zoe" }.');
  const entries = Object.entries(metadata).map(([key, fact]) => [
    key,
    typeof fact === 'string' ? fact : (JSON.stringify(fact) ?? String(fact)),
  ]);
  return { value, weight, metadata: Object.fromEntries(entries) };
}
