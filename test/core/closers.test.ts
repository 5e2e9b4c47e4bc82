import { expect, it } from 'vitest';
import { createClosers } from '../../src/core/closers.ts';

it('closes everything once, the last first, and waits for it', async () => {
  const order: string[] = [];
  const closers = createClosers();
  closers.add(() => order.push('first'));
  closers.add(async () => {
    await Promise.resolve();
    order.push('second');
  });
  closers.add(() => order.push('third'));
  await Promise.all([closers.close(), closers.close()]);
  expect(order).toEqual(['third', 'first', 'second']);
});

it('closes the rest where one fails, and says so', async () => {
  const order: string[] = [];
  const closers = createClosers();
  closers.add(() => order.push('first'));
  closers.add(() => {
    throw new Error('stuck');
  });
  await expect(closers.close()).rejects.toThrow('stuck');
  expect(order).toEqual(['first']);
});

it('closes at once what comes late', async () => {
  const closers = createClosers();
  await closers.close();
  let isClosed = false;
  closers.add(() => {
    isClosed = true;
  });
  expect(isClosed).toBe(true);
});
