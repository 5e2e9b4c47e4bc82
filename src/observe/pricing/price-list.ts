import type { Tariff } from '../../core/pricing.ts';
import { listIdOf } from './list-ids.ts';
import { picoPerMicro, type Rates, type Tier, tariffOf } from './rates.ts';

/** What of `@pydantic/genai-prices` is used: its own data, nothing from the network. */
export interface PriceListModule {
  calcPrice(
    usage: Readonly<Record<string, number>>,
    model: string,
    options: { readonly providerId: string; readonly timestamp: Date },
  ): { readonly model_price: ModelPrice } | null;
}

/** Price keys of a model, `input_mtok` and the like; a number, or one that depends on the size of the prompt. */
export type ModelPrice = Readonly<Record<string, number | TieredPrice | undefined>>;

/** `tiers` in rising order; the last whose `start` the prompt's tokens exceed holds for all of its tokens. */
export interface TieredPrice {
  readonly base: number;
  readonly tiers: readonly { readonly start: number; readonly price: number }[];
}

/** Tariffs of a loaded price list. */
export interface PriceList {
  /** Null when the list does not know the model. */
  tariffOf(provider: string, model: string, now: number): Tariff | null;
}

/** Some prices change with the time of day: a tariff is used this long. */
const keptMs = 60_000;
const mostModels = 5000;

/** The list as tariffs by our providers' names; each is worked out once a minute at most. */
export function createPriceList(module: PriceListModule): PriceList {
  const known = new Map<string, { readonly tariff: Tariff | null; readonly until: number; readonly from: number }>();
  return {
    tariffOf(provider, model, now) {
      const key = `${provider}/${model}`;
      const found = known.get(key);
      if (found !== undefined && now < found.until && now >= found.from) return found.tariff;
      const tariff = lookUp(module, provider, model, now);
      if (known.size >= mostModels) known.delete(known.keys().next().value ?? '');
      known.set(key, { tariff, from: now, until: now + keptMs });
      return tariff;
    },
  };
}

function lookUp(module: PriceListModule, provider: string, model: string, now: number): Tariff | null {
  const providerId = listIdOf(provider);
  if (providerId === undefined || model === '') return null;
  try {
    const found = module.calcPrice({ input_tokens: 0 }, model, { providerId, timestamp: new Date(now) });
    return found === null ? null : toTariff(found.model_price);
  } catch {
    // An entry the list itself cannot read is as good as none.
    return null;
  }
}

/** Prices by anything but tokens and requests (seconds of audio, pages) cannot be reckoned from what replies report: such a model counts as unknown. */
function toTariff(price: ModelPrice): Tariff | null {
  if (price['input_mtok'] === undefined && price['output_mtok'] === undefined) return null;
  const edges = Object.values(price).flatMap((value) =>
    typeof value === 'object' ? value.tiers.map(({ start }) => start) : [],
  );
  const tiers = [...new Set(edges)]
    .sort((a, b) => a - b)
    .map((above): Tier => ({ above, rates: ratesAt(price, above + 1) }));
  return tariffOf(ratesAt(price, 0), tiers, 'genai-prices');
}

const rateKeys = {
  cachedInput: 'cache_read_mtok',
  cacheWrite: 'cache_write_mtok',
  audioInput: 'input_audio_mtok',
  reasoning: 'output_reasoning_mtok',
  audioOutput: 'output_audio_mtok',
} as const satisfies Partial<Record<keyof Rates, string>>;

/** Dollars per million tokens are micro-dollars per token. */
function ratesAt(price: ModelPrice, promptTokens: number): Rates {
  const rate = (key: string) => toPico(price[key], promptTokens);
  const parts = Object.entries(rateKeys).flatMap(([name, key]) => {
    const value = rate(key);
    return value === undefined ? [] : [[name, value] as const];
  });
  const perThousand = price['requests_kcount'];
  return {
    input: rate('input_mtok') ?? 0,
    output: rate('output_mtok') ?? 0,
    ...(Object.fromEntries(parts) as Partial<Rates>),
    ...(typeof perThousand === 'number' ? { request: Math.round(perThousand * 1e9) } : {}),
  };
}

function toPico(price: ModelPrice[string], promptTokens: number): number | undefined {
  if (price === undefined) return undefined;
  if (typeof price === 'number') return Math.round(price * picoPerMicro);
  let perMillion = price.base;
  for (const { start, price: above } of price.tiers) if (promptTokens > start) perMillion = above;
  return Math.round(perMillion * picoPerMicro);
}
