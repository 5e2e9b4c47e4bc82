import { expect, it } from 'vitest';
import { excerpt } from '../../src/core/excerpt.ts';
import { usedBytes } from '../support/used-bytes.ts';

it('gives the beginning of a text, with an ellipsis where more is left out', () => {
  expect(excerpt('hello', 5)).toBe('hello');
  expect(excerpt('hello', 4)).toBe('hell…');
  expect(excerpt('a🙂', 2)).toBe('a\ud83d…');
  expect(excerpt('', 4)).toBe('');
});

it('does not keep the text it was taken from', async () => {
  const before = await usedBytes();
  const kept = Array.from({ length: 20 }, (_, n) => excerpt(Buffer.alloc(1 << 20, `${n} `).toString(), 200));
  expect((await usedBytes()) - before).toBeLessThan(4 << 20);
  expect(kept.map((text) => text.length)).toEqual(kept.map(() => 201));
});
