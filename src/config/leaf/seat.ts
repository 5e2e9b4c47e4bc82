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
  const identity =
    facts.id ??
    hash([provider.name, facts.credentialReference, facts.customHost ?? '', JSON.stringify(facts.fields)].join('\n'));
  return { provider, credentials, settings, identity };
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
  return facts.id ?? `${seat.identity.slice(0, 16)}${model === '' ? '' : `:${model}`}`;
}
