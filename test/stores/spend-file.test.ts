import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SpendEntry } from '../../src/core/spend-store.ts';
import { spendFile } from '../../src/stores/spend-file.ts';

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelmux-spend-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const fresh = () => join(folder, `${++files}.spend`);
const entry = (micro: number, owner = 'client'): SpendEntry => ({ owner, period: 'day UTC', micro, at: 1000 });

async function kept(path: string): Promise<readonly SpendEntry[]> {
  const file = spendFile(path);
  const entries = await file.read();
  await file.close?.();
  return entries;
}

it('holds nothing at first, then what was added, for its owner only', async () => {
  const path = fresh();
  const file = spendFile(path);
  expect(await file.read()).toEqual([]);
  await file.append([entry(1)]);
  await file.append([entry(2, 'client metadata.team="ü\n"'), entry(3)]);
  await file.close?.();
  expect(await kept(path)).toEqual([entry(1), entry(2, 'client metadata.team="ü\n"'), entry(3)]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('is replaced as a whole, goes on from there, and leaves nothing beside it', async () => {
  const path = fresh();
  const file = spendFile(path);
  await file.read();
  await file.append([entry(1), entry(2)]);
  await file.replace([entry(3)]);
  await file.append([entry(4)]);
  await file.close?.();
  expect(await kept(path)).toEqual([entry(3), entry(4)]);
  expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

it('loses at most the last line of a write that was cut off, wherever that was', async () => {
  const whole = fresh();
  const file = spendFile(whole);
  await file.read();
  await file.append([entry(1), entry(2)]);
  await file.close?.();
  const { size } = statSync(whole);
  const text = readFileSync(whole);
  for (let length = 0; length < size; length++) {
    const path = fresh();
    writeFileSync(path, text);
    truncateSync(path, length);
    const lines = text.subarray(0, length).toString().split('\n').slice(1);
    const again = spendFile(path);
    const before = await again.read();
    // A line without its end is whole all the same.
    expect([lines.length - 1, lines.length].includes(before.length) || before.length === 0).toBe(true);
    await again.append([entry(9)]);
    await again.close?.();
    expect(await kept(path)).toEqual([...before, entry(9)]);
  }
});

it('passes over lines that mean nothing', async () => {
  const path = fresh();
  writeFileSync(
    path,
    '{"modelmux":"spend","version":1}\n[]\nnull\n["a","day UTC","1",2]\n["a","day UTC",1,2]\n{"a":1}\n',
  );
  expect(await kept(path)).toEqual([{ owner: 'a', period: 'day UTC', micro: 1, at: 2 }]);
});

it.each(['{"some":"config"}', 'hello\nworld\n', '{"modelmux":"spend","version":2}\n'])(
  'refuses a file of another kind and leaves it as it is: %j',
  async (text) => {
    const path = fresh();
    writeFileSync(path, text);
    await expect(spendFile(path).read()).rejects.toThrow(
      `options.budgetStore: ${path} does not hold what budgets spent. It is left as it is: name another file.`,
    );
    expect(readFileSync(path, 'utf8')).toBe(text);
  },
);

it('says so when it cannot be read', async () => {
  await expect(spendFile(folder).read()).rejects.toThrow(`options.budgetStore: Cannot read ${folder}`);
});

it('says so when another process writes to it too', async () => {
  const path = fresh();
  const file = spendFile(path);
  await file.read();
  appendFileSync(path, '["a","day UTC",1,2]\n');
  await expect(file.append([entry(1)])).rejects.toThrow('another process writes to it too');
  await expect(file.replace([entry(1)])).rejects.toThrow('another process writes to it too');
  await file.close?.();
});
