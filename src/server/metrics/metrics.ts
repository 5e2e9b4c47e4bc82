import type { EventHub } from '../../core/event-hub.ts';
import type { PortkeyEvents } from '../../core/events.ts';
import type { TargetSnapshot } from '../../routing/state/target-state.ts';
import type { ExchangeEndpoint } from '../exchange.ts';
import type { RequestRecord } from '../options.ts';
import { counter, gaugeText, histogram } from './series.ts';

/** What a server counts. Labels take few values: names of endpoints and providers, statuses, kinds of errors; never what a caller writes. */
export interface Metrics {
  /** A request is over. */
  count(record: RequestRecord, endpoint: ExchangeEndpoint): void;
  /** All of it as Prometheus reads it (text format 0.0.4). */
  text(now: { readonly inFlight: number; readonly targets: readonly TargetSnapshot[] }): string;
}

/** Seconds; a model's answer takes from tenths of a second to minutes. */
const bounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600];

/** Counts from now on what `hub` tells and what is reported to it. */
export function createMetrics(hub: EventHub): Metrics {
  const all = series();
  hub.on('request-end', (event) => noteAttempts(all, event));
  hub.on('fallback', ({ error }) => all.fallbacks.add([error.kind]));
  hub.on('target-open', ({ target }) => all.openings.add([target.provider]));
  return {
    count: (record, endpoint) => noteRequest(all, record, endpoint),
    text({ inFlight, targets }) {
      const cooling = targets.filter(({ health }) => health === 'cooling').length;
      return `${[
        ...Object.values(all).map((metric) => metric.text()),
        gaugeText({ name: 'modelmux_requests_in_flight', help: 'Requests whose response is not over.' }, inFlight),
        gaugeText(
          { name: 'modelmux_targets_cooling', help: 'Targets of the server that are not called for now.' },
          cooling,
        ),
      ].join('\n')}\n`;
    },
  };
}

function series() {
  return {
    requests: counter({
      name: 'modelmux_requests_total',
      help: 'Requests that are over, by endpoint, status and answering provider.',
      labels: ['endpoint', 'status', 'provider'],
    }),
    outcomes: counter({
      name: 'modelmux_request_outcomes_total',
      help: 'How requests ended: a stream may fail after its status, or its caller leave.',
      labels: ['endpoint', 'outcome'],
    }),
    durations: histogram(
      {
        name: 'modelmux_request_duration_seconds',
        help: 'From the request to the last byte of the response.',
        labels: ['endpoint'],
      },
      bounds,
    ),
    attempts: counter({
      name: 'modelmux_attempts_total',
      help: 'Calls of providers, by outcome and kind of error.',
      labels: ['provider', 'outcome', 'error'],
    }),
    attemptDurations: histogram(
      {
        name: 'modelmux_attempt_duration_seconds',
        help: 'Calls of providers, streams to their end.',
        labels: ['provider'],
      },
      bounds,
    ),
    firstTokens: histogram(
      { name: 'modelmux_first_token_seconds', help: 'Streams until their first content.', labels: ['provider'] },
      bounds,
    ),
    retries: counter({
      name: 'modelmux_retries_total',
      help: 'Calls that repeat one of the same target.',
      labels: ['provider'],
    }),
    fallbacks: counter({
      name: 'modelmux_fallbacks_total',
      help: 'Times a fallback went on to its next target, by the error that led there.',
      labels: ['error'],
    }),
    openings: counter({
      name: 'modelmux_cooldowns_total',
      help: 'Times a target began to cool down.',
      labels: ['provider'],
    }),
    cache: counter({
      name: 'modelmux_cache_requests_total',
      help: 'Answers by what the cache had to do with them.',
      labels: ['status'],
    }),
    tokens: counter({
      name: 'modelmux_tokens_total',
      help: 'Tokens as providers counted them.',
      labels: ['provider', 'kind'],
    }),
  };
}

type Series = ReturnType<typeof series>;

function noteRequest(all: Series, record: RequestRecord, endpoint: ExchangeEndpoint): void {
  const { status, outcome, durationMs, provider = '', inputTokens = 0, outputTokens = 0, cache } = record;
  all.requests.add([endpoint, String(status), provider]);
  all.outcomes.add([endpoint, outcome]);
  all.durations.observe([endpoint], durationMs / 1000);
  if (cache !== undefined) all.cache.add([cache]);
  if (inputTokens > 0) all.tokens.add([provider, 'input'], inputTokens);
  if (outputTokens > 0) all.tokens.add([provider, 'output'], outputTokens);
}

function noteAttempts(all: Series, { attempts }: PortkeyEvents['request-end']): void {
  for (const { provider, outcome, errorKind = '', durationMs, firstTokenMs, retry } of attempts) {
    all.attempts.add([provider, outcome, errorKind]);
    if (durationMs !== undefined) all.attemptDurations.observe([provider], durationMs / 1000);
    if (firstTokenMs !== undefined) all.firstTokens.observe([provider], firstTokenMs / 1000);
    if (retry > 0) all.retries.add([provider]);
  }
}
