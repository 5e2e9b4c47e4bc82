import { inspect } from 'node:util';
import { expect } from 'vitest';

/** A key that must never be seen: tests put it in, then look for it in all that comes out. */
export const canary = 'sk-canary-5f0c1e7a9b24';

/** Everything a program might print of `value`: text, JSON, inspection with hidden members, and the whole chain of causes. */
export function printed(value: unknown): string {
  const parts = [String(value), JSON.stringify(value) ?? '', inspect(value, { depth: 20, showHidden: true })];
  if (value instanceof Error) {
    parts.push(value.message, value.stack ?? '', JSON.stringify({ ...value }));
    if (value.cause !== undefined) parts.push(printed(value.cause));
  }
  return parts.join('\n');
}

/** Fails when the canary can be read anywhere in `value`, also in parts of six characters. */
export function expectNoCanary(value: unknown): void {
  const text = printed(value);
  expect(text).not.toContain(canary);
  expect(text).not.toContain(canary.slice(-6));
}

/** The error that `action` throws or rejects with. */
export async function failure(action: () => unknown): Promise<Error> {
  try {
    await action();
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`rejected with ${String(error)}, which is no Error`);
  }
  throw new Error('expected a failure, but it succeeded');
}
