import type { StrategyMode } from '../../core/config-facts.ts';
import { APIError } from '../../core/errors/api-error.ts';
import type { PortkeyError } from '../../core/errors/portkey-error.ts';
import type { PortkeyEvents } from '../../core/events.ts';
import type { LogAttempt, LogBody, LogError, LogMark, LogRecord } from '../../core/log-record.ts';
import { logAttempts, totalCost } from './log-attempts.ts';
import { isSecretName, redacted, redactText } from './redact.ts';
import { type Route, routeToAll } from './route.ts';

/** What a request ended with, and the bodies kept of it. */
export interface EndedRequest {
  readonly end: PortkeyEvents['request-end'];
  readonly request?: LogBody | undefined;
  readonly response?: LogBody | undefined;
}

/** Folds what is known of one request into its record. `spanId` is taken where the caller named none. */
export function toRecord({ end, request, response }: EndedRequest, spanId: () => string): LogRecord {
  const { target, config, reply } = end;
  const attempts = logAttempts(end.attempts);
  const last = attempts.at(-1);
  const route = routeToAll(pathsOf(end), config?.modes ?? none);
  const model = target?.model ?? last?.model ?? end.requestedModel;
  const cost = totalCost(attempts);
  return {
    id: end.requestId,
    traceId: end.traceId,
    spanId: end.span?.spanId ?? spanId(),
    ...placeOf(end),
    startedAt: end.startedAt,
    durationMs: end.durationMs,
    endpoint: end.endpoint,
    ...outcomeOf(end),
    stream: end.stream,
    ...answererOf(end, last),
    ...(model === undefined ? {} : { model }),
    route: route.steps,
    attempts,
    marks: allMarks(end, attempts, route),
    cache: reply?.cache ?? 'DISABLED',
    ...(end.outcome.usage === undefined ? {} : { usage: end.outcome.usage }),
    ...(cost === undefined ? {} : { cost }),
    ...streamFigures(end, last),
    metadata: redactedMetadata(end.metadata),
    ...(request === undefined ? {} : { request }),
    ...(response === undefined ? {} : { response }),
  };
}

/** Where the call stands in its trace, and what it was asked with. */
function placeOf({
  span,
  configId,
  config,
  requestedModel,
}: PortkeyEvents['request-end']): Pick<
  LogRecord,
  'parentSpanId' | 'spanName' | 'configId' | 'configVersion' | 'requestedModel'
> {
  return {
    ...(span?.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    ...(span?.spanName === undefined ? {} : { spanName: span.spanName }),
    ...(configId === undefined ? {} : { configId }),
    ...(config?.version === undefined ? {} : { configVersion: config.version }),
    ...(requestedModel === undefined ? {} : { requestedModel }),
  };
}

const none: ReadonlyMap<string, StrategyMode> = new Map();

/** Where it was tried; where nobody was asked, whose cached answer it was. */
function pathsOf({ attempts, target }: PortkeyEvents['request-end']): readonly string[] {
  if (attempts.length > 0) return attempts.map(({ path }) => path);
  return target === undefined ? [] : [target.path];
}

function outcomeOf({ outcome, reply }: PortkeyEvents['request-end']): Pick<LogRecord, 'outcome' | 'status' | 'error'> {
  const { result, error } = outcome;
  // A stream that broke off after a 200 has failed all the same.
  const status = error instanceof APIError ? (error.status ?? reply?.status) : reply?.status;
  return {
    outcome: result,
    ...(status === undefined ? {} : { status }),
    ...(error === undefined ? {} : { error: toLogError(error) }),
  };
}

function toLogError(error: PortkeyError): LogError {
  const { kind } = error;
  const message = redactText(error.message);
  if (!(error instanceof APIError)) return { kind, message };
  const { type, code } = error;
  return {
    kind,
    message,
    ...(type === undefined ? {} : { type }),
    ...(code === undefined || code === null ? {} : { code }),
  };
}

function redactedMetadata(metadata: LogRecord['metadata']): LogRecord['metadata'] {
  const entries = Object.entries(metadata);
  if (entries.length === 0) return metadata;
  return Object.fromEntries(entries.map(([key, value]) => [key, isSecretName(key) ? redacted : redactText(value)]));
}

/** Who answered, else who was tried last. */
function answererOf(
  { target }: PortkeyEvents['request-end'],
  last: LogAttempt | undefined,
): Pick<LogRecord, 'provider' | 'path' | 'virtualKey'> {
  const who = target ?? last;
  if (who === undefined) return {};
  const virtualKey = last?.path === who.path ? last.virtualKey : undefined;
  return { path: who.path, provider: who.provider, ...(virtualKey === undefined ? {} : { virtualKey }) };
}

function allMarks(
  { reply }: PortkeyEvents['request-end'],
  attempts: readonly LogAttempt[],
  route: Route,
): readonly LogMark[] {
  const isHit = reply?.cache === 'HIT' || reply?.cache === 'SEMANTIC HIT';
  if (!isHit && attempts.length < 2) return route.marks;
  const marks: LogMark[] = [];
  if (isHit) marks.push('cache');
  if (attempts.some(({ retry }) => retry > 0)) marks.push('retry');
  if (attempts.some(({ reason }) => reason?.kind === 'fallback')) marks.push('fallback');
  return [...marks, ...route.marks];
}

function streamFigures(
  { startedAt, stream, outcome }: PortkeyEvents['request-end'],
  last: LogAttempt | undefined,
): Pick<LogRecord, 'firstTokenMs' | 'chunks' | 'tokensPerSecond'> {
  if (!stream || last?.firstTokenMs === undefined) return {};
  const { firstTokenMs, durationMs = firstTokenMs } = last;
  const seconds = (durationMs - firstTokenMs) / 1000;
  const tokens = outcome.usage?.completionTokens;
  return {
    firstTokenMs: last.startedAt - startedAt + firstTokenMs,
    ...(last.chunks === undefined ? {} : { chunks: last.chunks }),
    ...(tokens === undefined || seconds <= 0 ? {} : { tokensPerSecond: Math.round((tokens / seconds) * 10) / 10 }),
  };
}
