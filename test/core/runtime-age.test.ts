import { expect, it } from 'vitest';
import { runtimeProblem } from '../../src/core/runtime-age.ts';

const { groupBy } = Map;
const withResolvers = () => undefined;

it('has nothing to say of the runtime it was made for', () => {
  expect(runtimeProblem()).toBeUndefined();
  expect(runtimeProblem({ groupBy, withResolvers, node: undefined })).toBeUndefined();
});

it('says which runtime is too old, and what it needs', () => {
  expect(runtimeProblem({ groupBy: undefined, withResolvers: undefined, node: 'v20.20.2' })).toBe(
    'modelmux needs Node 22.13 or later, or another runtime of that age; this is Node 20.20.2.',
  );
  expect(runtimeProblem({ groupBy, withResolvers: undefined, node: undefined })).toBe(
    'modelmux needs Node 22.13 or later, or another runtime of that age.',
  );
});
