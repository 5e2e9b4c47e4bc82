import type { LogCost } from '../../../core/log-record.ts';

const counts = new Intl.NumberFormat('en-US');

/** `1,234` */
export function countText(count: number): string {
  return counts.format(count);
}

/** `340 ms`, `1.24 s`, `2 min 5 s` */
export function durationText(ms: number): string {
  if (ms < 10) return `${Math.round(ms * 10) / 10} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Millionths of a dollar as `$0.0012`: two digits that count, at least cents. */
export function moneyText(microUsd: number): string {
  const usd = microUsd / 1_000_000;
  if (usd === 0) return '$0';
  if (usd >= 1) return `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  const digits = Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(usd))));
  return `$${usd.toFixed(digits)}`;
}

const sources: Readonly<Record<LogCost['source'], string>> = {
  config: 'price of the config',
  'genai-prices': 'price list genai-prices',
  ingested: 'as it was written',
  mixed: 'prices of several sources',
};

/** Where a price comes from, in words. */
export function sourceText(source: LogCost['source']): string {
  return sources[source];
}

/** A moment, in the visitor's time zone once the script has run; UTC without. */
export function Time({ at, form = 'short' }: { at: number; form?: 'short' | 'clock' | 'full' }) {
  const iso = new Date(at).toISOString();
  const text = {
    short: iso.slice(5, 19).replace('T', ' '),
    clock: iso.slice(11, 19),
    full: `${iso.slice(0, 19).replace('T', ' ')} UTC`,
  };
  return (
    <time datetime={iso} data-form={form}>
      {text[form]}
    </time>
  );
}
