import { Credentials } from '../core/credentials.ts';
import { InvalidRequestError } from '../core/errors/request-errors.ts';
import { compose, type Handler } from '../core/handler.ts';
import { lazyPart } from '../core/lazy-part.ts';
import type { Codec, LazyDialect, Provider } from '../core/provider.ts';
import type { Runtime } from '../core/runtime.ts';
import { toCall } from '../providers/dialects/openai/call.ts';
import { openai } from '../providers/dialects/openai/index.ts';
import { observe, timeout, trace } from '../routing/middleware/index.ts';
import { createTargetState } from '../routing/state/target-state.ts';
import { gatewayAdmin } from './client-admin.ts';
import type { CallOptions, PortkeyOptions } from './client-options.ts';
import type { CallSettings, ClientSettings } from './client-settings.ts';
import { createHeaders } from './create-headers.ts';
import { leaf } from './leaf/leaf.ts';
import { type CanonicalOptions, readOptionNames } from './option-names.ts';
import { checkValues, spanOf, toMetadata } from './option-values.ts';

/** Reads the options of a client whose calls all go to the gateway at `baseURL`. What the options say travels as `x-portkey-*` headers. */
export function readGatewaySettings(options: PortkeyOptions, runtime: Runtime): ClientSettings {
  const client = readOptionNames(options, 'gateway');
  checkValues(client, 'options');
  const { baseURL = '', ...standing } = client;
  const handler = gatewayHandler(baseURL.replace(/\/+$/, ''), runtime);
  const compiled = { config: {}, handler, facts: { modes: new Map() }, refs: new Map() };
  function forCall(params?: CallOptions): CallSettings {
    const call = params === undefined ? {} : readOptionNames(params, 'gateway-call');
    checkValues(call, 'params');
    const merged: CanonicalOptions = { ...standing, ...call };
    const traceId = merged.traceID ?? runtime.traceId();
    const headers = createHeaders(sent({ ...merged, traceID: traceId }));
    const { requestTimeout } = call;
    return {
      compiled,
      traceId,
      metadata: toMetadata(merged.metadata),
      configId: undefined,
      span: spanOf(merged),
      debug: merged.debug,
      overrides: {
        headers,
        forwardHeaders: 'all',
        ...(requestTimeout === undefined ? {} : { requestTimeoutMs: requestTimeout }),
      },
    };
  }
  return {
    isGateway: true,
    logs: undefined,
    admin: gatewayAdmin,
    targets: () => [],
    targetsOf: () => new Map(),
    targetSwitch: { disable: elsewhere, enable: elsewhere },
    close: async () => undefined,
    forCall,
    forCalls: (params) => () => forCall(params),
  };
}

function elsewhere(): never {
  const message =
    'The targets are the gateway’s: its console, or POST /router/targets/{id}/disable, takes them out of use.';
  throw new InvalidRequestError('id', message);
}

/** Options that concern this process only. */
const local: ReadonlySet<string> = new Set(['fetch', 'tracer', 'clock', 'random', 'dangerouslyAllowBrowser']);

function sent(options: CanonicalOptions): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => {
      // Portkey's open-source gateway takes the header's presence for yes, whatever it says.
      const isUnsaid = name === 'cacheForceRefresh' && value === false;
      return !local.has(name) && !isUnsaid;
    }),
  );
}

/** Anthropic's shape in and out, whoever answers behind the gateway: nothing is taken out of it here. */
const messages: LazyDialect = {
  name: 'anthropic-messages',
  endpoints: ['messages'],
  translation: lazyPart('anthropic-messages', async () => {
    const { messagesCodec } = await import('../providers/dialects/anthropic-messages/messages-codec.ts');
    const encode: Codec['encode'] = (body, scope) => toCall({ path: '/messages' }, body, scope);
    return { ...openai, codecs: { messages: { ...messagesCodec, encode } } };
  }),
};

function gatewayHandler(baseUrl: string, runtime: Runtime): Handler {
  const inOpenAi = gatewayLeaf(openai, baseUrl, runtime);
  const inAnthropic = gatewayLeaf(messages, baseUrl, runtime);
  return compose(
    [
      observe({ path, provider: providerName }, runtime, createTargetState(path, providerName)),
      ...(runtime.tracer === undefined ? [] : [trace(runtime.clock)]),
      timeout({}, runtime.clock),
    ],
    (request, context) => (request.endpoint === 'messages' ? inAnthropic : inOpenAi)(request, context),
  );
}

const path = 'gateway';
const providerName = 'portkey';

function gatewayLeaf(dialect: Provider['dialect'], baseUrl: string, runtime: Runtime): Handler {
  const provider: Provider = {
    name: providerName,
    title: 'The gateway',
    dialect,
    baseUrl,
    authenticate: (request) => request,
    env: [],
    needsKey: false,
  };
  const credentials = new Credentials({ provider: providerName });
  return leaf(
    {
      path,
      name: undefined,
      seat: { id: path, credentialReference: '', hasCredentials: true, fields: {}, customHost: undefined, provider },
      overrideParams: undefined,
      defaultParams: undefined,
      dropParams: [],
      inheritedCustomHost: undefined,
      forwardHeaders: [],
      strictOpenAiCompliance: undefined,
      strictParams: false,
    },
    // `@slug/model` is the gateway's to resolve.
    (model) => ({ credentials, model }),
    runtime,
  );
}
