import type { Credentials } from '../../core/credentials.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import { VirtualKeyError } from '../../core/errors/vault-errors.ts';
import type { Vault } from '../../core/vault.ts';
import { variableOf } from '../../vault/env.ts';
import { parseSlugModel } from '../../vault/slug.ts';

/** Whom to ask for which model. */
export interface Assignment {
  readonly credentials: Credentials;
  /** Without `@slug/`; empty when the request names none. */
  readonly model: string;
  /** The virtual key that the model named, where that is not the target's own. */
  readonly slug?: string;
}

/** Who answers for a model, one request after the other. Rejects with `VirtualKeyError`. */
export type CredentialSource = (model: string) => Assignment | Promise<Assignment>;

/** Whom a target asks when its model names nobody. */
export type OwnCredentials =
  | { readonly kind: 'given'; readonly credentials: Credentials; readonly reference: string }
  | { readonly kind: 'virtual-key'; readonly slug: string }
  | { readonly kind: 'none'; readonly path: string };

/**
 * The target's own credentials, or those of the virtual key that the model names as `@slug/model`. A model of that look whose
 * slug nobody knows is a plain model name where the target has credentials of its own: some providers' models begin with `@`.
 */
export function credentialSource(own: OwnCredentials, vault: Vault, now: () => number): CredentialSource {
  const ownAssignment = ownSource(own, vault, now);
  return (model) => {
    const named = model.startsWith('@') ? parseSlugModel(model) : undefined;
    if (named === undefined) return ownAssignment(model);
    return after(vault.get(named.slug), (credentials) => {
      if (credentials !== undefined) {
        refuseExpired(named.slug, credentials, now);
        const isOwn = own.kind === 'virtual-key' && own.slug === named.slug;
        return { credentials, model: named.model ?? '', ...(isOwn ? {} : { slug: named.slug }) };
      }
      if (own.kind === 'none') throw unknownKey(named.slug, vault);
      return ownAssignment(model);
    });
  };
}

function ownSource(own: OwnCredentials, vault: Vault, now: () => number): CredentialSource {
  switch (own.kind) {
    case 'given': {
      const { credentials } = own;
      return (model) => ({ credentials, model });
    }
    case 'virtual-key':
      return (model) =>
        after(vault.get(own.slug), (credentials) => {
          if (credentials === undefined) throw unknownKey(own.slug, vault);
          refuseExpired(own.slug, credentials, now);
          return { credentials, model };
        });
    case 'none':
      return () => {
        throw new VirtualKeyError(
          `${own.path} names nobody to ask. Give the client or the call "config", "provider" or "virtualKey", or write the model as "@slug/model".`,
        );
      };
  }
}

/** Goes on at once where the vault answered at once: a hop through the microtask queue is not free. */
function after<Value, Result>(
  value: Value | Promise<Value>,
  step: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(step) : step(value);
}

function refuseExpired(slug: string, { terms }: Credentials, now: () => number): void {
  if (terms?.expiresAt === undefined || now() < terms.expiresAt) return;
  const at = new Date(terms.expiresAt).toISOString();
  const message = `Virtual key "${slug}" expired at ${at}. Give it a later "expires_at", or name another.`;
  throw new VirtualKeyError(message, undefined, 'virtual_key_expired');
}

function unknownKey(slug: string, vault: Vault): VirtualKeyError {
  const hint =
    didYouMean(slug, vault.slugs?.() ?? []) ||
    ` Add it to "virtualKeys", to the vault, or to the environment as ${variableOf(slug)}="provider:key".`;
  return new VirtualKeyError(`Unknown virtual key "${slug}".${hint}`);
}
