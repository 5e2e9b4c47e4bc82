import type { CallOptions, PortkeyOptions } from '../config/client-options.ts';
import { type CallSettings, readClientSettings } from '../config/client-settings.ts';
import { describeModels, type ModelDescription } from '../config/describe.ts';
import { readGatewaySettings } from '../config/gateway-settings.ts';
import { givesOption, readOptionNames } from '../config/option-names.ts';
import { checkValues } from '../config/option-values.ts';
import type { ConfigFacts } from '../core/config-facts.ts';
import type { CallOverrides } from '../core/context.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { APIUserAbortError } from '../core/errors/connection-errors.ts';
import { InvalidRequestError } from '../core/errors/request-errors.ts';
import type { ModelRequest } from '../core/handler.ts';
import { linkedAbort } from '../core/linked-abort.ts';
import type { Model } from '../core/openai/index.ts';
import type { Runtime } from '../core/runtime.ts';
import { untilAborted } from '../core/until-aborted.ts';
import { type CallFacts, call } from './call.ts';
import { elsewhere, requestOptionNames } from './call-arguments.ts';
import type { Caller, RequestOptions } from './caller.ts';
import { readHeaders } from './http/read-headers.ts';
import type { ServedReply } from './served-reply.ts';
import { withTraceHeaders } from './trace-headers.ts';

/** The client behind the resources: its options read once, its config compiled once. Throws `ConfigError`. */
export function createCaller(options: PortkeyOptions, runtime: Runtime): Caller {
  const client = givesOption(options, 'baseURL')
    ? readGatewaySettings(options, runtime)
    : readClientSettings(options, runtime);
  async function send(
    request: ModelRequest,
    given: CallOptions | undefined,
    requestOptions: RequestOptions | undefined,
  ): Promise<ServedReply> {
    // A gateway reads the headers itself.
    const params = client.isGateway ? given : withHeaderOptions(given, requestOptions);
    const settings = client.forCall(params);
    const { compiled } = settings;
    const { handler, facts } =
      compiled instanceof Promise ? await unlessLeft(compiled, requestOptions?.signal) : compiled;
    const told = factsOf(settings, facts, requestOptions);
    return call(handler, request, client.isGateway ? told : withTraceHeaders(told, params), runtime);
  }
  return {
    call: send,
    readOptions(params) {
      const options = readOptionNames(params, client.isGateway ? 'gateway-call' : 'call');
      checkValues(options, 'params');
      return options as CallOptions;
    },
    isGateway: client.isGateway,
    logs: client.logs,
    admin: client.admin,
    targets: client.targets,
    targetSwitch: client.targetSwitch,
    close: client.close,
    async models(params) {
      if (client.isGateway)
        return listed(await send({ endpoint: 'models', method: 'GET', body: {} }, params, undefined));
      const { config } = await client.forCall(params).compiled;
      return describeModels(config).map(toModel);
    },
  };
}

/** A lookup takes its time, and a caller may leave meanwhile. */
function unlessLeft<Value>(promise: Promise<Value>, signal: AbortSignal | null | undefined): Promise<Value> {
  if (signal === undefined || signal === null) return promise;
  const link = linkedAbort(signal, (reason) => new APIUserAbortError(undefined, reason));
  return untilAborted(promise, link.signal).finally(link.unlink);
}

function listed({ reply: { body } }: ServedReply): readonly Model[] {
  const data = body.kind === 'json' ? body.value.data : undefined;
  return Array.isArray(data) ? data : [];
}

/** An option nobody honours is a mistake; said before anything is sent. */
function checkRequestOptions(options: RequestOptions): void {
  for (const name of Object.keys(options)) {
    if (requestOptionNames.includes(name)) continue;
    const other = didYouMean(name, requestOptionNames) || ` Valid: ${requestOptionNames.join(', ')}.`;
    const hint = Object.hasOwn(elsewhere, name) ? ` ${elsewhere[name]}` : other;
    throw new InvalidRequestError(name, `Unknown request option "${name}".${hint}`);
  }
  const { signal } = options;
  if (signal !== undefined && signal !== null && typeof signal.addEventListener !== 'function') {
    throw new InvalidRequestError('signal', '"signal" must be an AbortSignal, such as that of an AbortController.');
  }
}

function factsOf(
  { traceId, metadata, overrides, configId, span, debug }: CallSettings,
  config: ConfigFacts,
  options: RequestOptions | undefined,
): CallFacts {
  if (options !== undefined) checkRequestOptions(options);
  const signal = options?.signal ?? undefined;
  return {
    traceId,
    metadata,
    signal,
    configId,
    config,
    span,
    debug,
    overrides: options === undefined ? overrides : withRequestOptions(overrides, options),
  };
}

/** Options that the call's headers give, as `createHeaders` writes them; the call's own beat them. */
function withHeaderOptions(
  params: CallOptions | undefined,
  options: RequestOptions | undefined,
): CallOptions | undefined {
  if (options?.headers === undefined && options?.extraHeaders === undefined) return params;
  const headers = [options.extraHeaders, options.headers]
    .flatMap(entriesOf)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const own = lowerCasedEntries(headers).filter(([name]) => name.startsWith('x-portkey-'));
  if (own.length === 0) return params;
  return { ...readHeaders(own).params, ...readOptionNames(params ?? {}, 'call') } as CallOptions;
}

function withRequestOptions(
  overrides: CallOverrides,
  { headers, extraHeaders, timeout }: RequestOptions,
): CallOverrides {
  if (timeout !== undefined && !(timeout > 0)) {
    throw new InvalidRequestError('timeout', `"timeout" is a number of milliseconds above 0, not ${timeout}.`);
  }
  const given = [overrides.headers, extraHeaders, headers]
    .flatMap(entriesOf)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return {
    ...overrides,
    ...(timeout === undefined ? {} : { requestTimeoutMs: timeout }),
    ...(given.length === 0 ? {} : { headers: lowerCased(given) }),
  };
}

function lowerCased(given: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(lowerCasedEntries(given));
}

function lowerCasedEntries(given: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  return given.map(([name, value]) => [name.toLowerCase(), value]);
}

/** Also of a web `Headers` and of pairs, as the `openai` package takes them. */
function entriesOf(headers: RequestOptions['headers']): readonly (readonly [string, unknown])[] {
  if (headers === undefined) return [];
  return Symbol.iterator in headers ? [...(headers as Iterable<[string, unknown]>)] : Object.entries(headers);
}

function toModel({ id, owner }: ModelDescription): Model {
  return { id, object: 'model', created: 0, owned_by: owner };
}
