import type { VirtualKeyObject } from '../../../../resources/virtual-keys.ts';
import { countText } from '../../view/figures.tsx';

/** The units of rate limits, for people. */
export const unitTexts = { rps: 'a second', rpm: 'a minute', rph: 'an hour', rpd: 'a day', rpw: 'a week' } as const;

/** What a virtual key may be used for, in words. */
export function limitsText({ usage_limits: usage, rate_limits, expires_at }: VirtualKeyObject): string {
  const { credit_limit: credit = 0, type = 'cost', periodic_reset: reset } = usage ?? {};
  const amount = type === 'tokens' ? `${countText(credit)} tokens` : `${credit} USD`;
  const texts = [
    ...(usage === null ? [] : [`${amount}${reset == null ? '' : ` ${reset}`}`]),
    ...rate_limits.map((rate) => `${countText(rate.value)} ${rate.type} ${unitTexts[rate.unit]}`),
    ...(expires_at === null ? [] : [`until ${expires_at}`]),
  ];
  return texts.length === 0 ? 'none' : texts.join(', ');
}
