import type { VirtualKeyObject, VirtualKeyUpdateParams } from '../../../../resources/virtual-keys.ts';
import { mostKeyRates } from '../../../../vault/key-terms.ts';
import type { Form } from '../../form.ts';

/** The texts of the form in which a virtual key's limits stand. */
export interface LimitTexts {
  readonly credit: string;
  readonly type: string;
  readonly alert: string;
  readonly reset: string;
  readonly expires: string;
  readonly note: string;
  readonly rates: readonly RateTexts[];
}

/** One rate limit of it; an empty `value` is none. */
export interface RateTexts {
  readonly value: string;
  readonly type: string;
  readonly unit: string;
}

/** A virtual key's limits as the form shows them, with a place for one more rate limit. */
export function toTexts(key: VirtualKeyObject): LimitTexts {
  const { usage_limits: usage, rate_limits, expires_at, note } = key;
  const rates = rate_limits.map(({ value, type, unit }) => ({ value: String(value), type, unit }));
  const more = rates.length < mostKeyRates ? [{ value: '', type: 'requests', unit: 'rpm' }] : [];
  return {
    credit: usage === null ? '' : String(usage.credit_limit),
    type: usage?.type ?? 'cost',
    alert: usage?.alert_threshold == null ? '' : String(usage.alert_threshold),
    reset: usage?.periodic_reset ?? '',
    expires: expires_at ?? '',
    note: note ?? '',
    rates: [...rates, ...more],
  };
}

/** What was typed into the form. */
export function typedLimits(form: Form): LimitTexts {
  const text = (name: string) => form.text(name).trim();
  const [types, units] = [form.all('rate_type'), form.all('rate_unit')];
  return {
    credit: text('credit'),
    type: text('type'),
    alert: text('alert'),
    reset: text('reset'),
    expires: text('expires'),
    note: text('note'),
    rates: form
      .all('rate_value')
      .map((value, index) => ({ value: value.trim(), type: types[index] ?? '', unit: units[index] ?? '' })),
  };
}

/** The texts as a change. What is no number stays a text, for whoever checks the change to say so. */
export function toChange(slug: string, texts: LimitTexts): VirtualKeyUpdateParams {
  const { credit, type, alert, reset, expires, note, rates } = texts;
  const usage = {
    type,
    ...(credit === '' ? {} : { credit_limit: numberIn(credit) }),
    ...(alert === '' ? {} : { alert_threshold: numberIn(alert) }),
    ...(reset === '' ? {} : { periodic_reset: reset }),
  };
  const written = {
    slug,
    usage_limits: credit === '' && alert === '' && reset === '' ? null : usage,
    rate_limits: rates.filter(({ value }) => value !== '').map((rate) => ({ ...rate, value: numberIn(rate.value) })),
    expires_at: expires === '' ? null : expires,
    note: note === '' ? null : note,
  };
  // Whoever changes the key checks it whole.
  return written as VirtualKeyUpdateParams;
}

function numberIn(text: string): number | string {
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}
