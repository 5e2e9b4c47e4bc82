import { expect, it } from 'vitest';
import { resolverConfigs } from '../../../src/config/by-id/resolver.ts';
import { ConfigNotFoundError } from '../../../src/core/errors/config-error.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { canary, expectNoCanary, failure } from '../../vault/secrets.ts';

const config = { targets: [{ provider: 'openai' }] };

it.each([
  ['a config', config, { config }],
  ['JSON text', JSON.stringify(config), { config }],
  ['a config with its facts', { config, version: 'v1', name: 'Main' }, { config, version: 'v1', name: 'Main' }],
  [
    "Portkey's shape",
    { id: '1', slug: 'pc-a', config: JSON.stringify(config), version_id: 'v2' },
    { config, version: 'v2' },
  ],
  ['nothing', undefined, undefined],
  ['null', null, undefined],
])('takes %s', async (_, answer, expected) => {
  expect(await resolverConfigs(() => answer).get('pc-a')).toEqual(expected);
  expect(await resolverConfigs(async () => answer).get('pc-a')).toEqual(expected);
});

it.each([
  ['text that is no JSON', `{"api_key": "${canary}`, "The resolver's answer is text, but not JSON"],
  ['a list', [canary], "The resolver's answer is a list, not a config object"],
  ['a number', 5, "The resolver's answer is a number, not a config object"],
  ['no object as config', { config: 7 }, "The resolver's answer is a number, not a config object"],
])('refuses %s without showing it', async (_, answer, reason) => {
  const error = await failure(() => resolverConfigs(() => answer).get('pc-a'));
  expect(error).toBeInstanceOf(ConfigNotFoundError);
  expect(error.message).toBe(`Config "pc-a" could not be looked up. ${reason}.`);
  expectNoCanary(error);
});

it('says no more of an error than its class and code, and keeps it as the cause', async () => {
  const cause = Object.assign(new TypeError(`postgres://user:${canary}@db`), { code: 'ECONNREFUSED' });
  const error = await failure(() => resolverConfigs(() => Promise.reject(cause)).get('pc-a'));
  expect(error).toMatchObject({
    message: 'Config "pc-a" could not be looked up. The resolver failed: TypeError ECONNREFUSED.',
    cause,
  });
});

it('gives a hung function up after 10 s', async () => {
  const clock = manualClock();
  let signal: AbortSignal | undefined;
  const source = resolverConfigs(
    (_, options) => {
      signal = options.signal;
      return new Promise(() => {});
    },
    { clock },
  );
  const outcome = failure(() => source.get('pc-a'));
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(9999);
  expect(signal?.aborted).toBe(false);
  clock.advance(1);
  expect((await outcome).message).toContain('no answer within 10000 ms');
  expect(signal?.aborted).toBe(true);
});

it('asks the function nothing that cannot be an ID', async () => {
  const asked: string[] = [];
  const source = resolverConfigs((id) => void asked.push(id));
  for (const id of ['../a', '', 'a\u0000', 'x'.repeat(201)]) await failure(() => source.get(id));
  expect(asked).toEqual([]);
});
