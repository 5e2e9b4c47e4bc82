import { ConfigNotFoundError } from '../../core/errors/config-error.ts';

const longestId = 200;

/** Throws a `ConfigNotFoundError` unless `id` can name a config. Asked before any lookup: no ID reaches another folder or address. */
export function checkConfigId(id: string): void {
  const problem = configIdProblem(id);
  if (problem !== undefined) throw new ConfigNotFoundError(printable(id), `cannot be a config's ID: it ${problem}.`);
}

/** Why `id` cannot name a config; undefined when it can. */
export function configIdProblem(id: string): string | undefined {
  if (typeof id !== 'string') return 'is not a string';
  if (id === '') return 'is empty';
  if (id.length > longestId) return `has ${id.length} characters, more than ${longestId}`;
  if (/[/\\]/.test(id)) return 'contains a path separator';
  if (id === '.' || id === '..') return 'names a folder';
  // Cs: half of a surrogate pair, which no address can carry. Cf: invisible marks that make two IDs look the same.
  if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(id)) return 'contains control characters';
  return undefined;
}

function printable(id: unknown): string {
  const text = String(id).replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '?');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
