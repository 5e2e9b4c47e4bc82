import * as z from 'zod/mini';
import { liteLlmNames, priceNames } from '../../observe/pricing/own-price.ts';
import { isTimeZone } from '../../routing/state/budget/calendar.ts';
import { periodMs } from '../../routing/state/budget/period.ts';

/** Micro-dollars stay whole numbers up to here. */
const mostMoney = 1_000_000_000;
const money = z.number().check(z.minimum(0), z.maximum(mostMoney));
const tokens = z.int().check(z.minimum(1), z.maximum(1_000_000_000));
/** What happens when a budget is spent. */
export const onExhaustedSchema = z.enum(['skip', 'reject']);

/** One `budget` as written. */
export const budgetSchema = z.object({
  amount: money,
  currency: z.optional(z.string().check(z.regex(/^[A-Z]{3}$/, 'Must be a currency code such as "USD"'))),
  period: z
    .string()
    .check(
      z.refine(
        (text) => periodMs(text) !== undefined,
        'Must be "day", "week", "month", "year", or a length such as "1h" or "30d"',
      ),
    ),
  reset: z.optional(z.enum(['calendar', 'rolling'])),
  timezone: z.optional(
    z.string().check(z.refine(isTimeZone, 'Must be the IANA name of a time zone, such as "Europe/Berlin"')),
  ),
  by: z.optional(
    z
      .string()
      .check(
        z.regex(
          /^(provider|virtual_key|model|tag|metadata\..+)$/,
          'Must be "provider", "virtual_key", "model", "tag", or "metadata." and a key',
        ),
      ),
  ),
  of: z.optional(z.string().check(z.minLength(1))),
  unpriced: z.optional(z.enum(['refuse', 'free'])),
  on_exhausted: z.optional(onExhaustedSchema),
});

const names = [...priceNames, ...Object.values(liteLlmNames)];

/** `pricing` as written in full. */
export const pricingSchema = z.object(Object.fromEntries(names.map((name) => [name, z.optional(money)])));

/** The fields of a node that concern money and size. */
export const moneySchema = {
  budget: z.optional(
    z.union(
      [z.array(budgetSchema).check(z.minLength(1)), budgetSchema],
      'Expected a budget such as { "amount": 10, "period": "month" }, or a list of them',
    ),
  ),
  on_exhausted: z.optional(onExhaustedSchema),
  pricing: z.optional(
    z.union(
      [z.string().check(z.regex(/^[^/]+\/.+$/)), pricingSchema],
      'Expected prices such as { "input": 2.5, "output": 10 } in US dollars per million tokens, or "provider/model"',
    ),
  ),
  max_input_tokens: z.optional(tokens),
  max_output_tokens: z.optional(tokens),
};
