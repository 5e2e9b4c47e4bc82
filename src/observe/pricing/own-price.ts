import type { Tariff } from '../../core/pricing.ts';
import { picoPerMicro, type Rates, tariffOf } from './rates.ts';

/**
 * What a model costs, as a user writes it. Plain names are US dollars per million tokens, as price lists print them; LiteLLM's names, for
 * those who bring them, US dollars per token. A price left out is that of the tokens it is a part of, 0 where there are none.
 */
export interface Pricing {
  /** US dollars per million tokens of the prompt. */
  readonly input?: number;
  /** US dollars per million tokens of the reply. */
  readonly output?: number;
  /** US dollars per million tokens read from a prompt cache. Default: as `input`. */
  readonly cached_input?: number;
  /** US dollars per million tokens written to a prompt cache. Default: as `input`. */
  readonly cache_write?: number;
  /** US dollars per million tokens of reasoning. Default: as `output`. */
  readonly reasoning?: number;
  /** US dollars per million tokens of audio in the prompt. Default: as `input`. */
  readonly audio_input?: number;
  /** US dollars per million tokens of audio in the reply. Default: as `output`. */
  readonly audio_output?: number;
  /** US dollars per request, beside what its tokens cost. Default 0. */
  readonly request?: number;
  /** LiteLLM's `input`, in US dollars per token. */
  readonly input_cost_per_token?: number;
  /** LiteLLM's `output`, in US dollars per token. */
  readonly output_cost_per_token?: number;
  /** LiteLLM's `cached_input`, in US dollars per token. */
  readonly cache_read_input_token_cost?: number;
  /** LiteLLM's `cache_write`, in US dollars per token. */
  readonly cache_creation_input_token_cost?: number;
  /** LiteLLM's `reasoning`, in US dollars per token. */
  readonly output_cost_per_reasoning_token?: number;
  /** LiteLLM's `audio_input`, in US dollars per token. */
  readonly input_cost_per_audio_token?: number;
  /** LiteLLM's `audio_output`, in US dollars per token. */
  readonly output_cost_per_audio_token?: number;
  /** LiteLLM's `request`. */
  readonly input_cost_per_request?: number;
}

/** LiteLLM's name for each price. */
export const liteLlmNames = {
  input: 'input_cost_per_token',
  output: 'output_cost_per_token',
  cached_input: 'cache_read_input_token_cost',
  cache_write: 'cache_creation_input_token_cost',
  reasoning: 'output_cost_per_reasoning_token',
  audio_input: 'input_cost_per_audio_token',
  audio_output: 'output_cost_per_audio_token',
  request: 'input_cost_per_request',
} as const satisfies Partial<Record<keyof Pricing, keyof Pricing>>;

/** A price's plain name. */
export type PriceName = keyof typeof liteLlmNames;

/** The plain names of prices. */
export const priceNames = Object.keys(liteLlmNames) as readonly PriceName[];

/** A user's price as a tariff. Each price must be given under one of its names only. */
export function ownTariff(pricing: Pricing): Tariff {
  return tariffOf(ratesOf(pricing), [], 'config');
}

function ratesOf(pricing: Pricing): Rates {
  const rate = (name: PriceName) => toPico(name, pricing);
  const parts = {
    cachedInput: rate('cached_input'),
    cacheWrite: rate('cache_write'),
    audioInput: rate('audio_input'),
    reasoning: rate('reasoning'),
    audioOutput: rate('audio_output'),
    request: rate('request'),
  };
  return {
    input: rate('input') ?? 0,
    output: rate('output') ?? 0,
    ...(Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as Partial<Rates>),
  };
}

/** Picodollars per token, or per request. */
function toPico(name: PriceName, pricing: Pricing): number | undefined {
  const perMillion = pricing[name];
  const isPerRequest = name === 'request';
  if (perMillion !== undefined) return Math.round(perMillion * (isPerRequest ? picoPerMicro ** 2 : picoPerMicro));
  const perToken = pricing[liteLlmNames[name]];
  return perToken === undefined ? undefined : Math.round(perToken * picoPerMicro ** 2);
}
