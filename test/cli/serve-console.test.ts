import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { logsFrom } from '../../src/cli/serve-logs.ts';
import { hello, simulated } from '../support/simulated.ts';

const simulator = simulated();
const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** The shipped program on a free port, with a folder of its own; stopped with the test. */
async function serving(argv: readonly string[], env: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'modelmux-console-'));
  await writeFile(join(folder, 'config.json'), JSON.stringify(simulator.target('openai')));
  const child = spawn(
    process.execPath,
    [program, 'serve', '--port', '0', '--json', '--config', 'config.json', ...argv],
    {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  onTestFinished(stop);
  let lines = '';
  child.stdout.on('data', (chunk) => {
    lines += chunk;
  });
  const [first] = await once(child.stdout, 'data');
  const { url, console } = JSON.parse(String(first)) as { url: string; console?: string };
  const call = async (traceId: string) => {
    const headers = { 'content-type': 'application/json', 'x-portkey-trace-id': traceId };
    await (await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body: JSON.stringify(hello) })).text();
  };
  return { folder, url, console, call, stop, lines: () => lines };
}

const pageOf = async (address: string | undefined) => (await fetch(`${address}/logs`)).text();

it('as shipped, the console shows requests, with its styles, scripts and charts', async () => {
  const { console, call, lines } = await serving([]);
  await call('seen-here');
  const page = await pageOf(console);
  expect(page).toContain('seen-here');
  const files = [...page.matchAll(/(?:href|src)="(\/console\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
  expect(files).toHaveLength(2);
  const { version } = JSON.parse(
    await readFile(new URL('../../node_modules/uplot/package.json', import.meta.url), 'utf8'),
  );
  const charts = [`/console/assets/${version}/uplot.js`, `/console/assets/${version}/uplot.css`];
  for (const path of [...files, ...charts]) {
    const response = await fetch(new URL(path, console));
    expect([path, response.status, (await response.text()).length > 1000]).toEqual([path, 200, true]);
  }
  expect(lines()).not.toContain('/console/logs');
});

it('keeps logs beside its data, and finds them when it starts again', async () => {
  const first = await serving(['--data', 'server.json']);
  await first.call('kept');
  await first.stop();
  const again = await serving(['--logs', join(first.folder, 'server.logs.db'), '--log-days', '7']);
  expect(await pageOf(again.console)).toContain('kept');
});

it('keeps nothing with --logs off, and has no console with --no-console', async () => {
  const { console, url } = await serving(['--logs', 'off']);
  expect(await pageOf(console)).toContain('keeps no logs');
  expect((await fetch(`${url}/v1/logs`)).status).toBe(400);
  const without = await serving(['--no-console']);
  expect(without.console).toBeUndefined();
  expect((await fetch(`${without.url}/console/logs`)).headers.get('content-type')).toContain('json');
});

it('--open shows the console in the browser that the environment names', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelmux-browser-'));
  const browser = join(folder, 'browser');
  await writeFile(browser, `#!/bin/sh\necho "$1" > ${folder}/opened\n`);
  await chmod(browser, 0o755);
  const { console } = await serving(['--open'], { BROWSER: browser });
  await expect.poll(() => readFile(join(folder, 'opened'), 'utf8')).toBe(`${console}\n`);
});

it('reads what is to be kept', () => {
  const keep = { days: 30, records: 1_000_000 };
  expect(logsFrom({})).toEqual({ keep: { days: undefined, records: undefined }, bodies: false });
  expect(logsFrom({ data: '/srv/gateway.json' })).toEqual({ file: '/srv/gateway.logs.db', keep, bodies: false });
  expect(logsFrom({ logs: 'postgres://h/d', logBodies: true, logRecords: 5 })).toEqual({
    postgres: 'postgres://h/d',
    keep: { days: 30, records: 5 },
    bodies: true,
  });
  expect(() => logsFrom({ logs: 'off', logBodies: true })).toThrow('--logs off');
});
