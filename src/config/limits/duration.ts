/** `"1s"`, `"500ms"`, `"1m"`, `"2h"`, `"1d"`, or a number of milliseconds; undefined for anything else. */
export function toMilliseconds(given: string | number): number | undefined {
  const text = typeof given === 'number' ? `${given}ms` : given.trim();
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(text);
  const ms = match === null ? 0 : Number(match[1]) * (unitMs[match[2] ?? ''] ?? 0);
  return ms > 0 && ms <= longestMs ? ms : undefined;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The longest time a timer takes; a little over 24 days. */
const longestMs = 2_147_483_647;
