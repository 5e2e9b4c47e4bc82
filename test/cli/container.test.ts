import { readFile } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { instance } from '../support/instance.ts';
import { startRedis } from '../support/redis.ts';
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

it('serve starts with the command and the environment of the compose example, and asks for the key', async () => {
  const text = await readFile(at('examples/compose/compose.yaml'), 'utf8');
  const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  for (const name of ['one', 'two']) {
    const { command = [], environment = {} } = services[name] ?? {};
    const given = { MODELMUX_KEYS: 'key-of-the-compose-file' };
    const argv = command.map((part) =>
      part
        .replace('/config/config.yaml', at('examples/compose/config.yaml').pathname)
        .replace('redis://redis:6379', redis.url),
    );
    const server = await instance(argv, filledIn(environment, given));
    expect((await server.ask('/ready')).status).toBe(200);
    expect((await server.ask('/v1/models')).status).toBe(401);
    expect((await server.ask('/v1/models', { key: 'key-of-the-compose-file' })).status).not.toBe(401);
    expect(await server.end()).toBe(0);
  }
});

/** As `docker compose` fills `${NAME:-default}` and `${NAME:?why}` in. */
function filledIn(environment: Readonly<Record<string, string>>, given: Readonly<Record<string, string>>) {
  const fill = (text: string) =>
    text.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, name: string, sort: string, rest: string) => {
      const value = given[name];
      if (value === undefined && sort === '?') throw new Error(rest);
      return value ?? rest ?? '';
    });
  return Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, fill(text)]));
}

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
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
