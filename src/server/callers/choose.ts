import type { CallOptions } from '../../config/client-options.ts';
import type { CallSettings } from '../../config/client-settings.ts';
import { type ProviderField, providerFields } from '../../config/config.ts';
import { readOptionNames } from '../../config/option-names.ts';
import { apiError } from '../../core/errors/api-error.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { findProvider } from '../../providers/hosts/index.ts';
import { readHeaders } from '../../resources/http/index.ts';
import { checkedJson } from '../body/checked-json.ts';
import type { ServerSettings } from '../options.ts';
import {
  type CallerConfigFacts,
  type CallerRules,
  checkCallerConfig,
  checkMixture,
  harmlessFields,
} from './caller-config.ts';
import type { Callers } from './callers.ts';
import type { HeaderSplit } from './header-split.ts';
import { readLegacyHeaders, underConfig } from './legacy-headers.ts';
import { createLru } from './lru.ts';

/** What of a request says where it goes. */
export interface Asked {
  readonly headers: HeaderSplit;
  /** Whose request it is. */
  readonly tenant: string;
  /** The provider's key that came with the request. */
  readonly providerKey: string | undefined;
  /** The model the body names. */
  readonly model: string | undefined;
}

/** What it is chosen from. */
export interface ChooserParts {
  readonly settings: ServerSettings;
  readonly callers: Callers;
  readonly rules: CallerRules;
  /** Does the server have routes with addresses of their own? */
  readonly hasRoutes: () => boolean;
}

/** Where a request goes; asked once for each of its requests. */
export type Choice = () => CallSettings;

/** Javelin's routes are no models. */
export const howToAskRoutes = 'A route is asked at POST /v1/query/{route}, or with the header x-javelin-route.';

const choicesKept = 2000;

/**
 * Chooses how a request is routed: by its own config (JSON or ID), its provider or virtual key, or the server's default, whose model groups
 * the body's model names. What leads to the same choice is read, checked and compiled once. Throws what is wrong with the request.
 */
export function createChooser(parts: ChooserParts): (asked: Asked) => Choice {
  const choices = createLru<Choice>(choicesKept);
  return (asked) => {
    const { headers, tenant, providerKey = '', model } = asked;
    const key = `${tenant}\n${providerKey}\n${model?.startsWith('@') ? '@' : ''}\n${headers.routingText}`;
    return choices.get(key, () => choose({ ...parts, asked }));
  };
}

interface Choosing extends ChooserParts {
  readonly asked: Asked;
}

function choose(choosing: Choosing): Choice {
  const { asked, settings, rules } = choosing;
  const { provider, config: legacy, others } = readLegacyHeaders(asked.headers.routing);
  const params = { ...(provider === undefined ? {} : { provider }), ...readHeaders(others).params };
  const { config } = params;
  const isDocument = typeof config === 'string' && config.trimStart().startsWith('{');
  if (isDocument) return byCallersConfig(params, legacy, config, choosing);
  const facts = checkParams(params, rules);
  if (config !== undefined) {
    refuseHosts(facts, 'a config of the server');
    return ownChoice({ ...params, ...keyOf(params, asked), config: underConfig(legacy, config) }, choosing);
  }
  // Whom the request names is asked, not whom the default config names.
  const named = { ...params, config: legacy };
  if (facts.namesKeys) return ownChoice(named, choosing);
  if (params.provider !== undefined) return byProvider(named, params.provider, facts, choosing);
  refuseHosts(facts, 'the configs of the server');
  if (!namesSomebody(choosing)) throw nobody(choosing.hasRoutes());
  const changed = Object.keys(legacy).length > 0 ? { config: underConfig(legacy, settings.client.config) } : {};
  return ownChoice({ ...params, ...changed }, choosing);
}

/** A provider's own name: with a key of the request's, else with the server's for that provider. */
function byProvider(params: CallOptions, provider: string, facts: CallerConfigFacts, choosing: Choosing): Choice {
  const { asked, callers, settings } = choosing;
  const known = findProvider(provider);
  const bringsKey = (asked.providerKey !== undefined && known?.needsKey !== false) || bringsSecret(params);
  if (bringsKey || facts.namesHosts) {
    return callers.stranger(asked.tenant).forCalls({ ...params, ...keyOf(params, asked) });
  }
  if (settings.trust.virtualKeys === 'none') {
    throw forbidden('The keys of this server are for its own configs. Send a key for the provider as Authorization.');
  }
  return ownChoice(params, choosing);
}

function byCallersConfig(params: CallOptions, legacy: JsonObject, text: string, choosing: Choosing): Choice {
  const { asked, callers, rules, settings } = choosing;
  const reading = { param: 'x-portkey-config', what: 'x-portkey-config', maxDepth: settings.limits.jsonDepth };
  const config = checkedJson(text, reading);
  const inConfig = checkCallerConfig(config, rules);
  const beside = checkParams(params, rules);
  const namesKeys = inConfig.namesKeys || beside.namesKeys;
  checkMixture({
    namesKeys,
    namesHosts: inConfig.namesHosts || beside.namesHosts,
    identities: inConfig.identities,
  });
  const caller = namesKeys ? callers.own : callers.stranger(asked.tenant);
  return caller.forCalls({ ...params, ...keyOf(params, asked), config: underConfig(legacy, config) });
}

function ownChoice(params: CallOptions, { callers }: Choosing): Choice {
  const unsafe = fieldsOf(params).filter((field) => !harmlessFields.has(field));
  if (unsafe.length > 0) {
    const names = unsafe.map((field) => `x-portkey-${field.replaceAll('_', '-')}`).join(', ');
    throw forbidden(
      `${names}: fields of a provider come with a key of the request's own, or stand in the server's configs.`,
    );
  }
  return callers.own.forCalls(params);
}

function fieldsOf(params: CallOptions): readonly ProviderField[] {
  const names = readOptionNames(params, 'call');
  return providerFields.filter((field) => names[field] !== undefined);
}

function bringsSecret(params: CallOptions): boolean {
  return fieldsOf(params).some((field) => /key|token|secret|json/.test(field));
}

/** What headers ask for, seen as a config of one target. */
function checkParams(params: CallOptions, rules: CallerRules): CallerConfigFacts {
  const { provider, virtualKey, virtual_key, customHost } = params;
  const names = readOptionNames(params, 'call');
  const fields = Object.fromEntries(
    providerFields.flatMap((field) => (names[field] === undefined ? [] : [[field, names[field]]])),
  );
  const node = {
    ...fields,
    ...(provider === undefined ? {} : { provider }),
    ...((virtualKey ?? virtual_key) === undefined ? {} : { virtual_key: virtualKey ?? virtual_key }),
    ...(customHost === undefined ? {} : { custom_host: customHost }),
  };
  const { virtualKeys } = rules.trust;
  // Naming a key in a header is less than naming it in a config: nothing else comes with it.
  const trust = { ...rules.trust, virtualKeys: virtualKeys === 'direct' ? ('configs' as const) : virtualKeys };
  return checkCallerConfig(node, { ...rules, trust });
}

function refuseHosts({ namesHosts }: CallerConfigFacts, what: string): void {
  if (!namesHosts) return;
  throw forbidden(
    `The request names a host, or fields of a provider, beside ${what}. The server's keys go where the server says.`,
  );
}

function keyOf({ provider, virtualKey }: CallOptions, { providerKey }: Asked): CallOptions {
  const namesKey = virtualKey !== undefined || provider?.startsWith('@') === true;
  return providerKey === undefined || namesKey ? {} : { Authorization: providerKey };
}

function namesSomebody({ asked, settings }: Choosing): boolean {
  const { config, provider, virtualKey, virtual_key } = settings.client;
  return (
    [config, provider, virtualKey, virtual_key].some((given) => given !== undefined) ||
    asked.model?.startsWith('@') === true
  );
}

function nobody(hasRoutes: boolean): InvalidRequestError {
  const route = hasRoutes ? ` ${howToAskRoutes}` : '';
  return new InvalidRequestError(
    'model',
    `This server has no default config, and the request names nobody to ask. Send x-portkey-config, x-portkey-provider with a key, x-portkey-virtual-key, or a model "@slug/model".${route}`,
  );
}

function forbidden(message: string): Error {
  return apiError({ status: 403, kind: 'auth', type: 'permission_error', code: 'not_allowed', message });
}
