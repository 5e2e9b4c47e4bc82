import type { PortkeyOptions } from '../../config/client-options.ts';
import { type ClientSettings, readClientSettings } from '../../config/client-settings.ts';
import type { ConfigFinder } from '../../config/config-finder.ts';
import type { OwnBudgets } from '../../config/money/client-money.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { Vault } from '../../core/vault.ts';
import { createTransport } from '../../providers/transport/http.ts';
import type { ServerSettings } from '../options.ts';
import { createLru } from './lru.ts';

/**
 * On whose behalf a request is routed. `own`: the server's configs and keys, within its limits and budgets. `stranger`: what the request
 * brings, with no key of the server's in reach, to public addresses.
 */
export interface Callers {
  readonly own: ClientSettings;
  /** One per tenant: targets' health, caches and identities of one are nothing to the others. */
  stranger(tenant: string): ClientSettings;
}

/** What callers are made of beside options. */
export interface CallerParts {
  readonly vault: Vault;
  readonly runtime: Runtime;
  /** Lays the configs of the admin calls over those of the options. */
  readonly withFinder: (given: ConfigFinder) => ConfigFinder;
  /** Of the server's keys, whoever pays the provider. */
  readonly budgets: OwnBudgets | undefined;
}

const tenantsKept = 1000;

/** Reads the server's client options for each of its callers. Throws `ConfigError`. */
export function createCallers(
  { client, trust, adminKey }: ServerSettings,
  { vault, runtime, withFinder, budgets }: CallerParts,
): Callers {
  const tools = pick(client);
  const { customHosts } = trust;
  const publicOnly = customHosts === 'any' ? undefined : { except: typeof customHosts === 'object' ? customHosts : [] };
  const outside: Runtime = {
    ...runtime,
    transport: createTransport({ fetch: client.fetch, publicOnly }),
  };
  const strangers = createLru<ClientSettings>(tenantsKept);
  return {
    own: readClientSettings({ forwardHeaders: nativeHeaders, ...pricesFor(adminKey), ...client, vault }, runtime, {
      withFinder,
      budgets,
    }),
    stranger: (tenant) =>
      strangers.get(tenant, () =>
        readClientSettings({ ...tools, vault: closedVault, environment: {} }, outside, { budgets }),
      ),
  };
}

/** Where keys may be issued that have budgets, costs must be known from the first call on. */
function pricesFor(adminKey: string | undefined): PortkeyOptions {
  return adminKey === undefined ? {} : { priceList: 'genai-prices' };
}

/** What of the server's options is neither a key nor a word about routing. */
function pick({ clock, random, fetch, requestTimeout, strictOpenAiCompliance }: PortkeyOptions): PortkeyOptions {
  return { clock, random, fetch, requestTimeout, strictOpenAiCompliance, forwardHeaders: nativeHeaders };
}

/** What providers' own clients ask for beside the body; handed on unless a config says which headers are. */
const nativeHeaders = ['anthropic-beta', 'openai-beta'];

/** Knows nothing: `@cf/…` stays the model name it is with some providers. */
const closedVault: Vault = { get: () => undefined };
