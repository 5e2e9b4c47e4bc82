import type { JsonObject } from '../../../core/json.ts';
import type { Section } from '../foreign/section.ts';
import type { Routing } from './routing-strategy.ts';

/** How much a deployment may be asked, as LiteLLM says it. */
export interface Rates {
  readonly rpm: number | undefined;
  readonly tpm: number | undefined;
  readonly inputTpm: number | undefined;
  readonly outputTpm: number | undefined;
  readonly maxParallel: number | undefined;
}

/** Rates of a deployment: beside `litellm_params`, in them, or in `model_info`; the first counts. */
export function readRates(entry: Section, params: Section, info: Section | undefined): Rates {
  const at = (key: string): number | undefined => {
    const [first, ...others] = [entry, params, info].filter((section) => section?.has(key) === true);
    for (const other of others) other?.warn(key, `Overruled by ${first?.pathOf(key)}.`);
    const rate = first?.number(key);
    if (rate === 0) first?.warn(key, 'Nothing could ever be sent: taken as no limit.');
    return rate === 0 ? undefined : rate;
  };
  return {
    rpm: at('rpm'),
    tpm: at('tpm'),
    inputTpm: at('itpm'),
    outputTpm: at('otpm'),
    maxParallel: at('max_parallel_requests'),
  };
}

/** Limits of a target. Rates refuse, or only steer, as the group's routing says; those of input and output tokens refuse. */
export function limitFields(rates: Rates, provider: string, { enforcesLimits }: Routing): JsonObject {
  const mode = enforcesLimits ? 'enforce' : 'steer';
  const requests = rates.rpm ?? (provider === 'azure-openai' ? azureRpm(rates.tpm) : undefined);
  const limits = [
    ...(requests === undefined ? [] : [{ requests, per: '1m', mode }]),
    ...(rates.tpm === undefined ? [] : [{ tokens: rates.tpm, per: '1m', mode }]),
    ...(rates.inputTpm === undefined ? [] : [{ input_tokens: rates.inputTpm, per: '1m', mode: 'enforce' }]),
    ...(rates.outputTpm === undefined ? [] : [{ output_tokens: rates.outputTpm, per: '1m', mode: 'enforce' }]),
  ];
  return {
    ...(limits.length === 0 ? {} : { rate_limit: limits }),
    ...(rates.maxParallel === undefined ? {} : { max_concurrency: Math.max(1, Math.floor(rates.maxParallel)) }),
  };
}

/** Azure grants 6 requests a minute for every 1000 tokens a minute. Source: Microsoft Learn, "Azure OpenAI quotas and limits". */
function azureRpm(tpm: number | undefined): number | undefined {
  return tpm === undefined ? undefined : Math.max(1, Math.floor((tpm / 1000) * 6));
}
