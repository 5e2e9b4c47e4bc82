import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { finished } from './cli.ts';

const at = (path: string) => new URL(`../../${path}`, import.meta.url);

it('the compose example starts two instances on one Redis, with flags that serve knows', async () => {
  const text = await readFile(at('examples/compose/compose.yaml'), 'utf8');
  const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };
  expect(Object.keys(services)).toEqual(['redis', 'one', 'two']);
  for (const name of ['one', 'two']) {
    const { command, build, ports } = services[name] ?? {};
    expect(command).toEqual(['--config', '/config/config.yaml', '--redis', 'redis://redis:6379']);
    expect(build).toBe('../..');
    expect(ports?.[0]).toMatch(/^127\.0\.0\.1:878[78]:8787$/);
  }
  const { out } = await finished(['serve', '--help']);
  for (const flag of ['--config', '--redis', '--data', '--host', '--port']) expect(out).toContain(flag);
});

interface Service {
  readonly command?: readonly string[];
  readonly build?: string;
  readonly ports?: readonly string[];
}

it('the config of the compose example is sound', async () => {
  const { code, out } = await finished(['validate', at('examples/compose/config.yaml').pathname]);
  expect([code, out]).toEqual([0, expect.stringContaining('valid')]);
});

it('the image runs as a user without rights, and says whether it lives', async () => {
  const text = await readFile(at('Dockerfile'), 'utf8');
  const [, last = ''] = text.split(/^FROM .*$(?![\s\S]*^FROM )/m);
  expect(last).toMatch(/^USER node$/m);
  expect(last).toMatch(/^HEALTHCHECK /m);
  expect(last).not.toContain('npm ci');
});
