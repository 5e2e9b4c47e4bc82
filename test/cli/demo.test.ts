import { describe, expect, it } from 'vitest';
import { finished, start } from './cli.ts';

interface Row {
  readonly name: string;
  readonly answered: number;
  readonly failed: number;
}

describe('demo', () => {
  it('answers every request over an outage, and traces one that went on', async () => {
    const { code, out, err } = await finished(['demo', '--seconds', '2', '--rate', '40', '--json']);
    expect([code, err]).toEqual([0, '']);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ type }) => type === 'event').map(({ text }) => text)).toEqual([
      'openai goes down',
      'openai is back',
    ]);
    const end = lines.at(-1);
    expect(end).toMatchObject({ type: 'end', requests: 80, failed: 0 });
    const rows = Object.fromEntries(end.rows.map((row: Row) => [row.name, row]));
    expect(rows.openai.failed).toBeGreaterThan(2);
    expect(rows.anthropic.answered).toBeGreaterThan(0);
    expect(rows.openai.answered + rows.azure.answered + rows.anthropic.answered).toBe(80);
    expect(end.trace.attempts.map(({ provider }: { provider: string }) => provider)).toEqual(['openai', 'anthropic']);
  });

  it('prints plain lines where there is no terminal, and a table where there is one', async () => {
    const plain = await finished(['demo', '--seconds', '1', '--rate', '10']);
    expect(plain.code).toBe(0);
    expect(plain.out).toMatch(
      /^Simulated providers on http:\/\/127\.0\.0\.1:\d+: no model is asked\.\n\nfallback\n├─ primary/,
    );
    expect(plain.out).toContain('\n     openai goes down\n');
    expect(plain.out).not.toContain('\u001b');
    const { out } = await finished(['demo', '--seconds', '2', '--rate', '10'], { isTty: true });
    expect(out).toMatch(/target +answered +failed +p50 +state +last second/);
    expect(out).toContain('\u001b[');
    const colorless = await finished(['demo', '--seconds', '1', '--rate', '10'], {
      isTty: true,
      env: { NO_COLOR: '1' },
    });
    expect(colorless.out).not.toContain('\u001b[3');
  });

  it('ends when told to, with what it has', async () => {
    const program = start(['demo', '--json', '--rate', '50']);
    await new Promise((resolve) => setTimeout(resolve, 300));
    program.stop();
    expect(await program.code).toBe(0);
    const end = JSON.parse(program.out().trim().split('\n').at(-1) ?? '');
    expect(end).toMatchObject({ type: 'end', failed: 0 });
  });

  it('refuses what cannot be meant', async () => {
    expect((await finished(['demo', '--seconds', '0'])).code).toBe(2);
    expect((await finished(['demo', '--onec'])).err).toContain('Did you mean --once?');
  });
});
