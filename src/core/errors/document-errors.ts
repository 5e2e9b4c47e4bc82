import { apiError } from './api-error.ts';

/** Somebody else wrote a version first: a `ConflictError` (409). */
export function versionConflict(slug: string, expected: number, latest: number) {
  const message =
    expected === 0
      ? `"${slug}" exists already.`
      : `"${slug}" was changed meanwhile: its latest version is ${latest === 0 ? 'none, it was removed' : latest}, not ${expected}.`;
  return apiError({
    status: 409,
    kind: 'invalid_request',
    type: 'invalid_request_error',
    code: 'version_conflict',
    message,
  });
}

/** Was there such a version, a number or the ID that most stores give it, which is no longer kept? */
export function isDropped(wanted: number | string, kept: readonly { readonly number: number }[]): boolean {
  const number = typeof wanted === 'number' ? wanted : Number(/^v?(\d+)$/.exec(wanted)?.[1]);
  return number >= 1 && number < (kept[0]?.number ?? 0) && kept.every((version) => version.number !== number);
}

/** A version that was dropped for newer ones: 404. `kept`: the versions that are there, the latest first. */
export function versionDropped(what: string, wanted: number | string, kept: readonly { readonly number: number }[]) {
  const numbers = kept.map(({ number }) => number).reverse();
  const first =
    numbers[0] === undefined ? '' : ` The oldest that is kept is ${numbers[0]}, the latest ${numbers.at(-1)}.`;
  const message = `Version ${wanted} of ${what} is not kept any more.${first}`;
  return apiError({ status: 404, kind: 'not_found', type: 'not_found', code: 'version_dropped', message });
}
