import { expect, it } from 'vitest';
import { apiError } from '../../src/core/errors/api-error.ts';
import { nameClass } from '../../src/core/errors/portkey-error.ts';

it.each([
  [400, 'BadRequestError'],
  [401, 'AuthenticationError'],
  [403, 'PermissionDeniedError'],
  [404, 'NotFoundError'],
  [409, 'ConflictError'],
  [422, 'UnprocessableEntityError'],
  [429, 'RateLimitError'],
  [500, 'InternalServerError'],
  [529, 'InternalServerError'],
  [418, 'APIError'],
])('a status %i becomes %s', (status, name) => {
  const error = apiError({ status, kind: 'server', message: 'no', headers: { 'x-request-id': 'r1' } });
  expect(error).toMatchObject({ name, status, message: `${status} no`, requestID: 'r1' });
});

it('a class has the name of its errors, whatever a bundler makes of it', () => {
  const renamed = { _Broken: class extends Error {} }._Broken;
  nameClass(renamed, 'BrokenError');
  expect([renamed.name, new renamed().name]).toEqual(['BrokenError', 'BrokenError']);
});
