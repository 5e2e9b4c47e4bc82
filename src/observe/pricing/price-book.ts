import type { EventSink } from '../../core/events.ts';
import type { PriceBook, Tariff } from '../../core/pricing.ts';
import { ownTariff, type Pricing } from './own-price.ts';
import { createPriceList, type PriceList, type PriceListModule } from './price-list.ts';

/** Where prices come from. */
export interface PriceSources {
  /** The user's own prices, by `provider/model`. */
  readonly own: Readonly<Record<string, Pricing>>;
  /** Brings the price list; undefined: only the user's own prices count. */
  readonly importList: (() => Promise<PriceListModule>) | undefined;
}

/** The price list that is used: a package of its own, loaded when prices are first wanted. */
export const importGenaiPrices = (): Promise<PriceListModule> => import('@pydantic/genai-prices');

const mostWarnings = 1000;

/** The user's own prices first, then the list. A model without a price is told in one `warning` event, as is a list that cannot be loaded. */
export function createPriceBook({ own, importList }: PriceSources, events: EventSink): PriceBook {
  const ownTariffs = new Map(Object.entries(own).map(([name, pricing]) => [name, ownTariff(pricing)]));
  const warned = new Set<string>();
  let list: PriceList | undefined;
  let loading: Promise<void> | undefined;
  let isSettled = importList === undefined;

  const warn = (message: string) => events.emit('warning', { code: 'pricing', message });

  async function load(bring: () => Promise<PriceListModule>): Promise<void> {
    try {
      list = createPriceList(await bring());
    } catch (error) {
      warn(
        `The price list cannot be loaded, so only prices of your own count. Install @pydantic/genai-prices, or give prices. ${reasonOf(error)}`,
      );
    }
    isSettled = true;
  }

  function warnUnknown(key: string): null {
    // While the list is on its way nobody knows yet.
    if (!isSettled || warned.has(key) || warned.size >= mostWarnings) return null;
    warned.add(key);
    warn(
      `No price is known for "${key}": its cost is null. Give the target "pricing", or the client prices: { ${JSON.stringify(key)}: { input, output } } in US dollars per million tokens.`,
    );
    return null;
  }

  return {
    tariffOf(provider, model, now): Tariff | null {
      const key = `${provider}/${model}`;
      return ownTariffs.get(key) ?? list?.tariffOf(provider, model, now) ?? warnUnknown(key);
    },
    load() {
      if (isSettled || importList === undefined) return undefined;
      loading ??= load(importList);
      return loading;
    },
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `(${error.message})` : '';
}
