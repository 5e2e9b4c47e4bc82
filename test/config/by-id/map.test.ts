import { expect, it } from 'vitest';
import { mapConfigs } from '../../../src/config/by-id/map.ts';
import { requireConfig } from '../../../src/config/by-id/require-config.ts';
import { ConfigError, ConfigNotFoundError } from '../../../src/core/errors/config-error.ts';
import { canary, expectNoCanary, failure } from '../../vault/secrets.ts';

const main = { strategy: { mode: 'single' }, targets: [{ provider: 'openai' }] };

it('finds a config by ID', async () => {
  const source = mapConfigs({ 'pc-main': main, 'pc-empty': {} });
  expect(await source.get('pc-main')).toEqual({ config: main });
  expect(await source.get('pc-empty')).toEqual({ config: {} });
  expect(source.ids?.()).toEqual(['pc-main', 'pc-empty']);
});

it.each(['pc-other', 'constructor', '__proto__', 'toString'])('knows no %s', async (id) => {
  expect(await mapConfigs({ 'pc-main': main }).get(id)).toBeUndefined();
});

it('refuses an ID that cannot be one', async () => {
  expect(await failure(() => mapConfigs({}).get('../a'))).toBeInstanceOf(ConfigNotFoundError);
});

it('refuses a bad map with all that is wrong, and shows no value', async () => {
  const error = await failure(() => mapConfigs({ 'a/b': main, 'pc-text': canary, 'pc-list': [canary], 'pc-ok': main }));
  expect(error).toBeInstanceOf(ConfigError);
  expect(error.message).toBe(
    [
      'Invalid configs:',
      '  configs["a/b"]: The ID contains a path separator',
      '  configs["pc-text"]: must be a config object',
      '  configs["pc-list"]: must be a config object',
    ].join('\n'),
  );
  expectNoCanary(error);
  const noMap = await failure(() => mapConfigs([main] as never));
  expect(noMap.message).toBe('Invalid configs:\n  configs: must be an object of IDs, such as { "pc-main": { … } }');
});

it('a config that must be there is there, or the error names the nearest', async () => {
  const source = mapConfigs({ 'pc-main': main });
  expect(await requireConfig(source, 'pc-main')).toEqual({ config: main });
  const error = await failure(() => requireConfig(source, 'pc-mian'));
  expect(error).toBeInstanceOf(ConfigNotFoundError);
  expect(error.message).toBe('Config "pc-mian" does not exist. Did you mean "pc-main"?');
  const { get } = source;
  expect((await failure(() => requireConfig({ get }, 'pc-mian'))).message).toBe('Config "pc-mian" does not exist.');
});
