import type { Credentials, Settings } from '../../core/credentials.ts';
import { apiError } from '../../core/errors/api-error.ts';
import { hash } from '../../core/hash.ts';
import type { Provider } from '../../core/provider.ts';
import { toSettings } from '../../core/settings.ts';
import { findProvider } from '../../providers/hosts/index.ts';

/** A target with its credentials resolved: everything about it that stays the same from request to request. */
export interface Seat {
  readonly provider: Provider;
  readonly credentials: Credentials;
  /** The credentials' provider fields, and the target's own over them. */
  readonly settings: Settings;
  /** What is written of this target for its state: `id`, or a prefix of {@link targetIdOf}. */
  readonly identity: string;
}

/** What a target says of itself beside its credentials. */
export interface SeatFacts {
  readonly id: string | undefined;
  /** Virtual key's slug, or the key itself: only its hash is kept. */
  readonly credentialReference: string;
  /** Whom to ask stands on the target, not only in models. */
  readonly hasCredentials: boolean;
  /** The provider named beside the key; empty for a virtual key, whose slug says it. Undefined where each request says whom to ask. */
  readonly issuer?: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  /** The target's own address. */
  readonly customHost: string | undefined;
  /** Set where no name leads to the provider: a gateway. */
  readonly provider?: Provider;
}

/** Seats `credentials` on a target. Rejects a provider nobody knows, which only a vault can still bring. */
export function takeSeat(credentials: Credentials, facts: SeatFacts): Seat {
  const provider = facts.provider ?? findProvider(credentials.provider);
  if (provider === undefined || provider.retired !== undefined) {
    throw apiError({
      status: 400,
      kind: 'config',
      type: 'invalid_virtual_key',
      code: 'unknown_provider',
      message: provider?.retired ?? `The virtual key names the unknown provider "${credentials.provider}".`,
    });
  }
  const settings = {
    ...credentials.settings,
    ...toSettings(facts.fields, provider.fieldPrefix).settings,
    ...(facts.customHost === undefined ? {} : { customHost: facts.customHost }),
  };
  return { provider, credentials, settings, identity: identityOf(facts, provider.name) };
}

function identityOf({ id, issuer, credentialReference, customHost, fields }: SeatFacts, provider: string): string {
  return id ?? hash([issuer ?? provider, credentialReference, customHost ?? '', JSON.stringify(fields)].join('\n'));
}

/**
 * Identity of a target before any request, as its state is kept: with `model` where the config sets one, else for all models asked of it
 * together. The same as {@link targetIdOf} where that knows no more.
 */
export function standingIdOf(facts: SeatFacts, model: string | undefined): string {
  return facts.id ?? withModel(identityOf(facts, ''), model ?? '');
}

/**
 * What holds of a target for a virtual key that a model named. Address and fields of a target with credentials of its own are meant
 * for those: no request may send another key there.
 */
export function guestSeat(facts: SeatFacts, slug: string): SeatFacts {
  const credentialReference = `virtual key ${slug}`;
  if (!facts.hasCredentials) return { ...facts, credentialReference };
  return { ...facts, credentialReference, fields: {}, customHost: undefined };
}

/** Identity of a target for one model: two places of a config with one provider, credential, address and model share it. */
export function targetIdOf(seat: Seat, facts: SeatFacts, model: string): string {
  return facts.id ?? withModel(seat.identity, model);
}

function withModel(identity: string, model: string): string {
  return `${identity.slice(0, 16)}${model === '' ? '' : `:${model}`}`;
}
