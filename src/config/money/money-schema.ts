import * as z from 'zod';
import { liteLlmNames, priceNames } from '../../observe/pricing/own-price.ts';
import { isTimeZone } from '../../routing/state/budget/calendar.ts';
import { periodMs } from '../../routing/state/budget/period.ts';

/** Micro-dollars stay whole numbers up to here. */
const mostMoney = 1_000_000_000;
const money = z.number().min(0).max(mostMoney);
const tokens = z.int().min(1).max(1_000_000_000);
/** What happens when a budget is spent. */
export const onExhaustedSchema = z.enum(['skip', 'reject']);

/** One `budget` as written. */
export const budgetSchema = z.object({
  amount: money,
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'Must be a currency code such as "USD"')
    .optional(),
  period: z
    .string()
    .refine(
      (text) => periodMs(text) !== undefined,
      'Must be "day", "week", "month", "year", or a length such as "1h" or "30d"',
    ),
  reset: z.enum(['calendar', 'rolling']).optional(),
  timezone: z.string().refine(isTimeZone, 'Must be the IANA name of a time zone, such as "Europe/Berlin"').optional(),
  by: z
    .string()
    .regex(
      /^(provider|virtual_key|model|tag|metadata\..+)$/,
      'Must be "provider", "virtual_key", "model", "tag", or "metadata." and a key',
    )
    .optional(),
  of: z.string().min(1).optional(),
  unpriced: z.enum(['refuse', 'free']).optional(),
  on_exhausted: onExhaustedSchema.optional(),
});

const names = [...priceNames, ...Object.values(liteLlmNames)];

/** `pricing` as written in full. */
export const pricingSchema = z.object(Object.fromEntries(names.map((name) => [name, money.optional()])));

/** The fields of a node that concern money and size. */
export const moneySchema = {
  budget: z
    .union(
      [z.array(budgetSchema).min(1), budgetSchema],
      'Expected a budget such as { "amount": 10, "period": "month" }, or a list of them',
    )
    .optional(),
  on_exhausted: onExhaustedSchema.optional(),
  pricing: z
    .union(
      [z.string().regex(/^[^/]+\/.+$/), pricingSchema],
      'Expected prices such as { "input": 2.5, "output": 10 } in US dollars per million tokens, or "provider/model"',
    )
    .optional(),
  max_input_tokens: tokens.optional(),
  max_output_tokens: tokens.optional(),
};
