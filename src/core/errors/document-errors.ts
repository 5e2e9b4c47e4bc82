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
