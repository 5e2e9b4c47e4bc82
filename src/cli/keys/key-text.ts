import type { ShownKey } from '../../server/keys/key-admin.ts';
import { table } from '../style.ts';

const heads = ['key', 'alias', 'models', 'limits', 'spent', 'expires'];

/** Keys as a table, without what opens anything. */
export function keyTable(keys: readonly ShownKey[]): string {
  if (keys.length === 0) return 'There are no keys.\n';
  return lines(table([heads, ...keys.map(rowOf)], [4]));
}

/** One key, a fact a line. */
export function keyText(key: ShownKey): string {
  const row = rowOf(key);
  return lines(table(heads.map((head, index) => [head, row[index] ?? ''])));
}

function rowOf(key: ShownKey): readonly string[] {
  const { token, key_alias: alias = '', models, spend, expires, blocked } = key;
  return [
    token.slice(0, 12),
    alias,
    models.length === 0 ? 'all' : models.join(','),
    [...limitsOf(key), ...(blocked === true ? ['blocked'] : [])].join(', ') || 'none',
    `$${spend.toFixed(6)}`,
    expires ?? 'never',
  ];
}

function limitsOf(key: ShownKey): readonly string[] {
  const { rpm_limit: rpm, tpm_limit: tpm, max_parallel_requests: parallel, max_budget: budget } = key;
  return [
    ...(rpm === undefined ? [] : [`${rpm} requests/min`]),
    ...(tpm === undefined ? [] : [`${tpm} tokens/min`]),
    ...(parallel === undefined ? [] : [`${parallel} at once`]),
    ...(budget === undefined
      ? []
      : [`$${budget}${key.budget_duration === undefined ? '' : ` in ${key.budget_duration}`}`]),
  ];
}

/** What others chose, such as aliases, moves no cursor. */
function lines(rows: readonly string[]): string {
  return `${rows.join('\n').replaceAll(/[^\P{Cc}\n]/gu, '?')}\n`;
}
