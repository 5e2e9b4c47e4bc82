import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesOf } from './cli.ts';

const program = join(import.meta.dirname, '../../dist/cli.js');
const file = filesOf();

/** Runs the program as it is shipped, on a machine without any key. */
function shipped(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...argv],
      { env: { PATH: process.env['PATH'] }, timeout: 100_000 },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(child.exitCode), out, err }),
    );
  });
}

describe('as shipped', () => {
  it('every command tells how it is used, with examples', async () => {
    for (const command of [
      'demo',
      'validate',
      'explain',
      'import',
      'keys',
      'load',
      'logs',
      'doctor',
      'serve',
      'simulate',
      'vault',
    ]) {
      const { code, out } = await shipped(command, '--help');
      expect([command, code, /Examples:\n {2}\$ modelmux/.test(out)]).toEqual([command, 0, true]);
    }
  });

  it('validate and explain end with the code that tells how it went', async () => {
    const good = await file('good.json', '{"provider":"openai"}');
    const bad = await file('bad.json', '{"provider":"opnai"}');
    expect((await shipped('validate', good)).code).toBe(0);
    expect(await shipped('validate', bad)).toMatchObject({ code: 1, out: expect.stringContaining(`${bad}:1:2`) });
    expect((await shipped('explain', good, '--formt', 'json')).code).toBe(2);
    expect(JSON.parse((await shipped('explain', good, '--json')).out).order).toHaveLength(1);
  });

  it('a reader who leaves early is no failure', async () => {
    const child = spawn(process.execPath, [program, 'serve', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    const err: string[] = [];
    child.stderr.on('data', (text) => err.push(String(text)));
    expect([(await once(child, 'exit'))[0], err.join('')]).toEqual([0, '']);
  });

  it('load, demo and doctor work', async () => {
    const config = await file('load.json', '{"provider":"openai"}');
    expect(JSON.parse((await shipped('load', config, '--simulate', '-n', '10', '--json')).out)).toMatchObject({
      ok: 10,
    });
    expect((await shipped('demo', '--seconds', '1')).out).toContain('0 failed requests.');
    expect(await shipped('doctor', '--offline')).toMatchObject({ code: 0, out: expect.stringContaining('modelmux') });
  });
});
