import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { usedBytes } from '../support/used-bytes.ts';
import { faultRows, faultTable } from './fault-table.ts';
import type { FaultRow } from './matrix.ts';

describe('the matrix of faults, over real sockets', () => {
  let rows: readonly FaultRow[] = [];
  let grownBytes = 0;
  beforeAll(async () => {
    const before = await usedBytes();
    rows = await faultRows();
    grownBytes = (await usedBytes()) - before;
  }, 400_000);

  it('says what docs/faults.md says; `npm run faults` writes it anew', () => {
    expect(faultTable(rows)).toBe(readFileSync(new URL('../../docs/faults.md', import.meta.url), 'utf8'));
  });

  it('shows only typed errors', () => {
    expect(rows.filter(({ seen, withFallback }) => /untyped/.test(seen + withFallback))).toEqual([]);
  });

  it('is never seen by the caller of a fallback before the first content, except in the reply itself', () => {
    const failed = rows
      .filter(({ withFallback }) => withFallback !== '"hello"')
      .map(({ name, withFallback }) => [name, withFallback.slice(0, 14)]);
    expect(failed.filter(([, start]) => start !== '"hello", then ')).toEqual([
      ['UTF-8 cut at every byte', '"héllo 🙂"'],
    ]);
  });

  it('leaves no attempt, no timer, and no more connections than Node keeps ready for the next call', () => {
    for (const { name, left } of rows) {
      expect([name, left.inFlight, left.timers]).toEqual([name, 0, 0]);
      // Node's own `fetch` keeps two after calls given up; a connection whose TLS handshake is not answered ends by a time limit of its own.
      if (name !== 'no TLS where TLS is expected') expect([name, left.connections <= 2]).toEqual([name, true]);
    }
  });

  it('leaves no memory behind: what it met was many times as large', () => {
    expect(grownBytes).toBeLessThan(40 << 20);
  });
});
