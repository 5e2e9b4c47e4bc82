import { Credentials } from '../core/credentials.ts';
import type { JsonObject } from '../core/json.ts';
import { toSettings } from '../core/settings.ts';
import type { Vault } from '../core/vault.ts';
import { findProvider } from '../providers/hosts/index.ts';
import { type Config, providerFields } from './config.ts';
import type { OwnCredentials } from './leaf/credential-source.ts';

/** Whom a target asks: its virtual key, its provider with a key of its own or from the environment, else what the client's options say. */
export function ownCredentials(node: Config, path: string, options: OwnCredentialsOptions): OwnCredentials {
  const slug = node.virtual_key ?? (node.provider?.startsWith('@') ? node.provider.slice(1) : undefined);
  if (slug !== undefined) return { kind: 'virtual-key', slug };
  if (node.provider === undefined) return options.client ?? { kind: 'none', path };
  return { kind: 'given', ...inlineCredentials(node, node.provider, options.environment) };
}

/** What a target's own fields do not say. */
export interface OwnCredentialsOptions {
  /** Whom the client's options name. */
  readonly client?: OwnCredentials | undefined;
  /** Keys of providers by their environment variables; looked up by provider name. */
  readonly environment: Vault;
}

/** Key and fields written on a target; what it does not say comes from the provider's environment variables. */
function inlineCredentials(node: Config, provider: string, environment: Vault) {
  const known = findProvider(provider);
  const found = environment.get(known?.name ?? provider);
  const fallback = found instanceof Promise ? undefined : found;
  const { settings } = toSettings(fieldsOf(node), known?.fieldPrefix);
  const credentials = new Credentials({
    provider: known?.name ?? provider,
    apiKey: node.api_key ?? fallback?.apiKey,
    settings: { ...fallback?.settings, ...settings },
  });
  return { credentials, reference: node.api_key ?? fallback?.apiKey ?? '' };
}

/** The provider's own fields of a target. */
export function fieldsOf(node: Config): JsonObject {
  return Object.fromEntries(
    providerFields.flatMap((field) => (node[field] === undefined ? [] : [[field, node[field]]])),
  );
}
