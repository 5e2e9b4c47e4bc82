import type { Attempt } from '../../core/attempt.ts';
import type { Demand } from '../../core/limit.ts';
import type { Cost, PriceBook, Tariff } from '../../core/pricing.ts';
import type { Usage } from '../../core/usage.ts';
import type { Vault } from '../../core/vault.ts';
import { ownTariff, type Pricing } from '../../observe/pricing/own-price.ts';
import { findProvider } from '../../providers/hosts/index.ts';
import { parseSlugModel, type SlugModel } from '../../vault/slug.ts';
import type { OwnCredentials } from '../leaf/credential-source.ts';
import { createKeyProviders } from './key-providers.ts';

/** What calls of one target cost, and whom they ask. */
export interface Fare {
  /** Null: nobody knows. Undefined: not yet known, because prices or whom a virtual key asks are still looked up. */
  tariffFor(demand: Demand, now: number): Tariff | null | undefined;
  /** What an attempt cost; undefined when no price is known. */
  costOf(attempt: Readonly<Attempt>, usage: Usage, now: number): Cost | undefined;
  /** Costs will be asked for: prices are loaded meanwhile, if they are not. */
  expect(): void;
  /** Empty while it is not known. */
  providerOf(demand: Demand): string;
  /** The target's own virtual key; empty for a key written on the target. */
  readonly ownKey: string;
  /** The virtual key that is used; empty for a key written on the target. */
  virtualKeyOf(demand: Demand): string;
  /**
   * Looks up the virtual key of a call and, where `isPriced` says so of it, what `tariffFor` needs; undefined when it is all there. Never
   * rejects.
   */
  prepare(demand: Demand, isPriced?: (slug: string) => boolean): Promise<unknown> | undefined;
}

/** What a fare is made of. */
export interface FareParts {
  readonly own: OwnCredentials;
  readonly pricing: Pricing | string | undefined;
  readonly book: PriceBook;
  readonly vault: Vault;
}

/** How long a price is taken without a look into the book. */
const keptMs = 1000;

/** The fare of a target: its own `pricing` for whom it asks itself, the book for all else. */
export function createFare({ own, pricing, book, vault }: FareParts): Fare {
  const keys = createKeyProviders(vault);
  const ownPrice = createOwnPrice(pricing, book);
  const ownSlug = own.kind === 'virtual-key' ? own.slug : '';
  const ownProvider = () => (own.kind === 'given' ? own.credentials.provider : (keys.of(ownSlug) ?? ''));

  /** The virtual key of somebody else that the model names. A model of that look that names none is the target's own. */
  function guestOf(demand: Demand): SlugModel | undefined {
    const named = slugIn(demand);
    if (named === undefined || named.slug === ownSlug) return undefined;
    return own.kind === 'none' || keys.of(named.slug) !== undefined ? named : undefined;
  }

  // A call asks several times, and most calls ask for one model.
  let last:
    | { readonly provider: string; readonly model: string; readonly at: number; readonly tariff: Tariff | null }
    | undefined;
  function listed(provider: string, model: string, now: number): Tariff | null | undefined {
    if (last?.model === model && last.provider === provider && Math.abs(now - last.at) < keptMs) return last.tariff;
    if (provider === '' || book.load() !== undefined) return undefined;
    const tariff = book.tariffOf(provider, model, now);
    last = { provider, model, at: now, tariff };
    return tariff;
  }

  function providerOf(guest: SlugModel | undefined): string {
    return guest === undefined ? ownProvider() : (keys.of(guest.slug) ?? '');
  }

  return {
    tariffFor(demand, now) {
      const guest = guestOf(demand);
      if (guest === undefined && ownPrice !== undefined) return ownPrice(now);
      return listed(providerOf(guest), guest === undefined ? demand.model : (guest.model ?? ''), now);
    },
    costOf({ provider, model = '' }, usage, now) {
      // A lookup that failed before the call may have worked for it: its budget must still be charged.
      if (ownSlug !== '' && keys.of(ownSlug) === undefined) keys.note(ownSlug, provider);
      const isOwn = ownProvider() === '' || provider === ownProvider();
      const tariff = (isOwn ? ownPrice?.(now) : undefined) ?? book.tariffOf(provider, model, now);
      return tariff === null ? undefined : { microUsd: tariff.costOf(usage), source: tariff.source };
    },
    expect() {
      if (typeof pricing !== 'object') void book.load();
    },
    providerOf: (demand) => providerOf(guestOf(demand)),
    ownKey: ownSlug,
    virtualKeyOf: (demand) => guestOf(demand)?.slug ?? ownSlug,
    prepare(demand, isPriced) {
      const slug = slugIn(demand)?.slug ?? ownSlug;
      const looking = slug === '' ? undefined : keys.lookUp(slug);
      const load = () => (typeof pricing === 'object' ? undefined : book.load());
      if (isPriced !== undefined) {
        const loadFor = () => (isPriced(slug) ? load() : undefined);
        return looking === undefined ? loadFor() : looking.then(loadFor);
      }
      const loading = load();
      return looking === undefined || loading === undefined ? (looking ?? loading) : Promise.all([looking, loading]);
    },
  };
}

function slugIn({ askedModel = '' }: Demand): SlugModel | undefined {
  return askedModel.startsWith('@') ? parseSlugModel(askedModel) : undefined;
}

/** `pricing` of a target: prices, or the name of another model that costs the same. */
function createOwnPrice(pricing: Pricing | string | undefined, book: PriceBook) {
  if (pricing === undefined) return undefined;
  if (typeof pricing === 'object') {
    const tariff = ownTariff(pricing);
    return (): Tariff => tariff;
  }
  const [name = '', ...model] = pricing.split('/');
  const provider = findProvider(name)?.name ?? name;
  return (now: number): Tariff | null | undefined =>
    book.load() === undefined ? book.tariffOf(provider, model.join('/'), now) : undefined;
}
