import type { CallSize, PriceSource, Tariff } from '../../core/pricing.ts';
import type { Usage } from '../../core/usage.ts';

/**
 * Prices of one model, in picodollars (10^-12 US dollars) per token, whole: sums of them are exact. A rate left out is that of the
 * tokens it is a part of: `cachedInput`, `cacheWrite` and `audioInput` of `input`, `reasoning` and `audioOutput` of `output`.
 */
export interface Rates {
  readonly input: number;
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
  readonly audioInput?: number;
  readonly output: number;
  readonly reasoning?: number;
  readonly audioOutput?: number;
  /** Picodollars of each request, whatever it uses. */
  readonly request?: number;
}

/** Rates that hold for the whole of a request whose prompt has more tokens than `above`. */
export interface Tier {
  readonly above: number;
  readonly rates: Rates;
}

/** Picodollars in a micro-dollar, and so in a dollar per million tokens. */
export const picoPerMicro = 1_000_000;

/** Rates, and the tiers over them in rising order, as a tariff. */
export function tariffOf(rates: Rates, tiers: readonly Tier[], source: PriceSource): Tariff {
  const costOf = (usage: Usage) => toMicro(replyPico(tierFor(rates, tiers, usage.promptTokens), usage));
  if (tiers.length === 0) return { source, costOf, boundOf: (size) => toMicro(dearestPico(rates, size)) };
  return {
    source,
    costOf,
    // An estimate may miss the edge of a tier: the dearest of all holds whatever the prompt turns out to be.
    boundOf: (size) =>
      toMicro(tiers.reduce((most, tier) => Math.max(most, dearestPico(tier.rates, size)), dearestPico(rates, size))),
  };
}

function tierFor(rates: Rates, tiers: readonly Tier[], promptTokens: number): Rates {
  let found = rates;
  for (const tier of tiers) if (promptTokens > tier.above) found = tier.rates;
  return found;
}

/** Parts never exceed their whole, whatever a provider reports. */
function replyPico(rates: Rates, usage: Usage): number {
  const { promptTokens, completionTokens } = usage;
  const cached = Math.min(usage.cachedTokens ?? 0, promptTokens);
  const written = Math.min(usage.cacheWriteTokens ?? 0, promptTokens - cached);
  const audioIn = Math.min(usage.audioInputTokens ?? 0, promptTokens - cached - written);
  const reasoning = Math.min(usage.reasoningTokens ?? 0, completionTokens);
  const audioOut = Math.min(usage.audioOutputTokens ?? 0, completionTokens - reasoning);
  return (
    (rates.request ?? 0) +
    (promptTokens - cached - written - audioIn) * rates.input +
    cached * (rates.cachedInput ?? rates.input) +
    written * (rates.cacheWrite ?? rates.input) +
    audioIn * (rates.audioInput ?? rates.input) +
    (completionTokens - reasoning - audioOut) * rates.output +
    reasoning * (rates.reasoning ?? rates.output) +
    audioOut * (rates.audioOutput ?? rates.output)
  );
}

function dearestPico(rates: Rates, { inputTokens, outputTokens }: CallSize): number {
  const input = Math.max(rates.input, rates.cachedInput ?? 0, rates.cacheWrite ?? 0, rates.audioInput ?? 0);
  const output = Math.max(rates.output, rates.reasoning ?? 0, rates.audioOutput ?? 0);
  return (rates.request ?? 0) + Math.ceil(inputTokens) * input + Math.ceil(outputTokens) * output;
}

function toMicro(pico: number): number {
  return Math.ceil(pico / picoPerMicro);
}
