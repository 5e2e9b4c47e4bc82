import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../core/runtime.ts';
import { compose } from './compose.ts';
import { decide, type Exchange } from './exchange.ts';
import type { Call } from './formats/wire-format.ts';
import { type Address, type Body, collect, parseBody } from './incoming.ts';
import type { ProviderState, Providers } from './provider-state.ts';
import type { Random } from './random.ts';
import type { RecordedRequest } from './recording.ts';
import { labels } from './response-headers.ts';
import { later, reset, transmit } from './transmit.ts';

/** What serving needs beside the request. */
export interface Service {
  readonly providers: Providers;
  readonly seed: number;
  readonly clock: Clock;
}

/** One HTTP request to a simulated provider, and the way back. */
export interface Connection {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly address: Address;
  readonly service: Service;
}

/** Answers one HTTP request to a simulated provider. */
export function serve(connection: Connection): void {
  const { request } = connection;
  collect(request, (bytes) => {
    const body = parseBody(bytes, request.headers['content-type'] ?? '');
    if (body instanceof Promise) body.then((form) => answerSafely(connection, form));
    else answerSafely(connection, body);
  });
}

/** A fault of the simulator, or of a `match` function, must end one request and not the process. */
function answerSafely(connection: Connection, body: Body): void {
  try {
    answer(connection, body);
  } catch (error) {
    const message = `modelmux simulator: ${error instanceof Error ? error.message : String(error)}`;
    const headers = ['content-type', 'application/json', ...labels];
    connection.response.writeHead(500, headers).end(JSON.stringify({ error: { message, type: 'simulator_error' } }));
  }
}

function answer(connection: Connection, body: Body): void {
  const { response, address, service } = connection;
  const state = service.providers.get(address.provider);
  const random = state.nextRandom();
  const { exchange, record } = exchangeOf(connection, { state, random, body });
  const { behaviour } = exchange.taken;
  response.once('close', () => {
    // What the simulator broke off itself was not the client's doing.
    record.aborted = !response.writableFinished && behaviour.reset === undefined;
  });
  const outcome = decide(exchange);
  if (outcome.kind === 'silent') return;
  const latencyMs = latencyOf(behaviour.latencyMs, random);
  if (outcome.kind === 'reset') {
    later(response, service.clock, latencyMs, () => reset(response));
    return;
  }
  const transmission = compose(outcome, exchange);
  later(response, service.clock, latencyMs, () => {
    record.status = transmission.status;
    transmit(response, transmission, service.clock);
  });
}

interface Facts {
  readonly state: ProviderState;
  readonly random: Random;
  readonly body: Body;
}

/** Records the request and takes the behaviour it gets. */
function exchangeOf(connection: Connection, { state, random, body }: Facts): Recorded {
  const { request, response, address, service } = connection;
  const call: Call = {
    provider: state.name,
    method: request.method ?? 'GET',
    path: address.path,
    query: address.query,
    headers: request.headers,
    body: body.object,
    requestId: `req_${random.hex(24)}`,
  };
  const route = state.format.route(call);
  const key = state.format.readKey(call);
  const record: MutableRecord = {
    provider: state.name,
    method: call.method,
    path: address.target,
    headers: request.headers,
    body: body.sent,
    key,
    model: route?.model,
    stream: route?.stream ?? false,
    time: service.clock.now(),
    status: undefined,
    aborted: false,
  };
  state.recording.add(record);
  const exchange: Exchange = {
    call,
    format: state.format,
    route,
    key,
    taken: state.standing.take(record),
    bodyProblem: body.problem,
    random,
    seed: service.seed,
    clock: service.clock,
    onClose: (release) => response.once('close', release),
  };
  return { exchange, record };
}

interface Recorded {
  readonly exchange: Exchange;
  readonly record: MutableRecord;
}

type MutableRecord = { -readonly [Name in keyof RecordedRequest]: RecordedRequest[Name] };

function latencyOf(latency: number | readonly [number, number] | undefined, random: Random): number {
  if (typeof latency !== 'object') return latency ?? 0;
  const [least, most] = latency;
  return least + random.next() * (most - least);
}
