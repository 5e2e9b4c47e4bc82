import { expect, it } from 'vitest';
import { ConfigError } from '../../src/core/errors/index.ts';
import { Portkey } from '../../src/portkey.ts';
import { runsOf } from './runs.ts';

it.each(runsOf('retired').map(({ provider }) => [provider.name, provider.retired ?? '']))(
  '%s is refused at construction, with its successor named',
  (provider, retired) => {
    const open = () => new Portkey({ config: { provider, api_key: 'key-1' } });
    expect(open).toThrow(ConfigError);
    expect(open).toThrow(retired);
    expect(retired).toContain('Use provider "');
  },
);
