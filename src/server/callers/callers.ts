import type { PortkeyOptions } from '../../config/client-options.ts';
import { type ClientSettings, readClientSettings } from '../../config/client-settings.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { Vault } from '../../core/vault.ts';
import { createTransport } from '../../providers/transport/http.ts';
import type { ServerSettings } from '../options.ts';
import { createLru } from './lru.ts';

/**
 * On whose behalf a request is routed. `own`: the server's configs, keys and addresses. `stranger`: what the request brings, with no
 * key of the server's in reach, to public addresses. `guest`: a request's config that may name the server's virtual keys, but no host.
 */
export interface Callers {
  readonly own: ClientSettings;
  /** One per tenant: targets' health, caches and identities of one are nothing to the others. */
  stranger(tenant: string): ClientSettings;
  guest(tenant: string): ClientSettings;
}

const tenantsKept = 1000;

/** Reads the server's client options for each of its callers. Throws `ConfigError`. */
export function createCallers({ client, trust }: ServerSettings, vault: Vault, runtime: Runtime): Callers {
  const tools = pick(client);
  const { environment } = client;
  const { customHosts } = trust;
  const publicOnly = customHosts === 'any' ? undefined : { except: typeof customHosts === 'object' ? customHosts : [] };
  const outside: Runtime = {
    ...runtime,
    transport: createTransport({ fetch: client.fetch, publicOnly }),
  };
  const strangers = createLru<ClientSettings>(tenantsKept);
  const guests = createLru<ClientSettings>(tenantsKept);
  return {
    own: readClientSettings({ forwardHeaders: nativeHeaders, ...client, virtualKeys: undefined, vault }, runtime),
    stranger: (tenant) =>
      strangers.get(tenant, () => readClientSettings({ ...tools, vault: closedVault, environment: {} }, outside)),
    guest: (tenant) => guests.get(tenant, () => readClientSettings({ ...tools, vault, environment }, outside)),
  };
}

/** What of the server's options is neither a key nor a word about routing. */
function pick({ clock, random, fetch, requestTimeout, strictOpenAiCompliance }: PortkeyOptions): PortkeyOptions {
  return { clock, random, fetch, requestTimeout, strictOpenAiCompliance, forwardHeaders: nativeHeaders };
}

/** What providers' own clients ask for beside the body; handed on unless a config says which headers are. */
const nativeHeaders = ['anthropic-beta', 'openai-beta'];

/** Knows nothing: `@cf/…` stays the model name it is with some providers. */
const closedVault: Vault = { get: () => undefined };
