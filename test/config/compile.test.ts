import { expect, it } from 'vitest';
import {
  APIConnectionTimeoutError,
  type CallOptions,
  type Config,
  Portkey,
  type PortkeyOptions,
} from '../../src/index.ts';
import { type FakeAnswer, fakeProviders } from '../support/fake-provider.ts';
import { manualClock, pass } from '../support/manual-clock.ts';
import { hello } from '../support/simulated.ts';

/** A target at host `name`. */
function at(name: string, more: Config = {}): Config {
  return { provider: 'openai', api_key: 'k', custom_host: `http://${name}/v1`, ...more };
}

function fallback(targets: readonly Config[], node: Config = {}): Config {
  return { strategy: { mode: 'fallback' }, targets, ...node };
}

interface Given {
  readonly answers?: Readonly<Record<string, readonly FakeAnswer[]>>;
  readonly options?: PortkeyOptions;
  readonly call?: CallOptions;
}

/** One call through `config` in virtual time: who was asked, how it ended, how long it took. */
async function run(config: Config, { answers = {}, options = {}, call = {} }: Given = {}) {
  const clock = manualClock();
  const providers = fakeProviders(answers);
  const portkey = new Portkey({ environment: {}, config, clock, fetch: providers.fetch, random: () => 0, ...options });
  const startedAt = clock.now();
  const result = await pass(clock, portkey.chat.completions.create(hello, call));
  const answered = result.status === 'fulfilled' ? result.value.getHeaders() : undefined;
  return {
    hosts: providers.hosts.join(','),
    error: result.status === 'rejected' ? result.reason : undefined,
    by: answered?.['last-used-option-index'],
    retries: answered?.['retry-attempt-count'],
    elapsedMs: clock.now() - startedAt,
    pending: clock.pending,
  };
}

const failing = { a: [500], b: [500], c: [500] };

it.each<[string, Config, string]>([
  ['nothing tried again without retry', fallback([at('a'), at('b')]), 'a,b'],
  ['each target exhausting its own tries', fallback([at('a'), at('b')], { retry: { attempts: 1 } }), 'a,a,b,b'],
  [
    'a child’s retry in place of its parent’s',
    fallback([at('a', { retry: { attempts: 2 } }), at('b')], { retry: { attempts: 1 } }),
    'a,a,a,b,b',
  ],
  [
    'retry replaced whole: the parent’s statuses do not survive',
    fallback([at('a', { retry: { attempts: 1 } })], { retry: { attempts: 3, on_status_codes: [418] } }),
    'a,a',
  ],
  [
    'attempts 0 switching an inherited retry off',
    fallback([at('a', { retry: { attempts: 0 } }), at('b')], { retry: { attempts: 1 } }),
    'a,b,b',
  ],
  [
    'retry inherited across two levels',
    fallback([fallback([at('a')]), at('b')], { retry: { attempts: 1 } }),
    'a,a,b,b',
  ],
  ['no tries for a status that is not listed', at('a', { retry: { attempts: 2, on_status_codes: [429] } }), 'a'],
  ['no tries for an empty list', at('a', { retry: { attempts: 2, on_status_codes: [] } }), 'a'],
  [
    'the whole node again with scope node',
    fallback([at('a'), at('b')], { retry: { attempts: 1, scope: 'node' } }),
    'a,b,a,b',
  ],
  [
    'scope node staying on its node',
    fallback([fallback([at('a')], { retry: { attempts: 1 } }), at('b')], { retry: { attempts: 1, scope: 'node' } }),
    'a,a,b,a,a,b',
  ],
])('calls: %s', async (_, config, hosts) => {
  expect((await run(config, { answers: failing })).hosts).toBe(hosts);
});

it('tells how many tries the answering target took', async () => {
  const config = fallback([at('a'), at('b')], { retry: { attempts: 2 } });
  const { by, retries, hosts } = await run(config, { answers: { a: [500], b: [503, 429, 200] } });
  expect({ by, retries, hosts }).toEqual({ by: 'config.targets[1]', retries: '2', hosts: 'a,a,a,b,b,b' });
});

it('says 0 tries of a target that answered at once after another had used its own', async () => {
  const config = fallback([at('a', { retry: { attempts: 1 } }), at('b')]);
  expect(await run(config, { answers: { a: [500] } })).toMatchObject({ by: 'config.targets[1]', retries: '0' });
});

it.each<[string, Config, number | undefined, number | undefined, number]>([
  [
    'the target’s over the parent’s',
    fallback([at('a', { request_timeout: 1000 })], { request_timeout: 5000 }),
    9000,
    undefined,
    1000,
  ],
  ['the parent’s, where the target has none', fallback([at('a')], { request_timeout: 5000 }), 9000, undefined, 5000],
  [
    'the parent’s, where the target says 0',
    fallback([at('a', { request_timeout: 0 })], { request_timeout: 5000 }),
    9000,
    undefined,
    5000,
  ],
  ['the client’s, where the config has none', at('a'), 9000, undefined, 9000],
  ['the client’s, where the config says 0', at('a', { request_timeout: 0 }), 9000, undefined, 9000],
  ['the call’s over the target’s, when longer', at('a', { request_timeout: 1000 }), undefined, 3000, 3000],
  ['the call’s over the target’s, when shorter', at('a', { request_timeout: 5000 }), 9000, 2000, 2000],
])('request_timeout: %s', async (...[, config, client, call, expectedMs]) => {
  const { error, elapsedMs, pending } = await run(config, {
    answers: { a: ['silent'] },
    options: { requestTimeout: client },
    call: { requestTimeout: call },
  });
  expect(error).toBeInstanceOf(APIConnectionTimeoutError);
  expect(error).toMatchObject({ status: 408, type: 'timeout_error', limit: 'request_timeout' });
  expect([elapsedMs, pending]).toEqual([expectedMs, 0]);
});

it('gives each attempt the whole request_timeout', async () => {
  const config = fallback([at('a', { retry: { attempts: 1, on_status_codes: [408] } }), at('b')], {
    request_timeout: 1000,
  });
  const { hosts, elapsedMs } = await run(config, { answers: { a: ['silent'] } });
  // 1000, half of the 1000 between tries, 1000.
  expect([hosts, elapsedMs]).toEqual(['a,a,b', 2500]);
});

it('ends retries and fallbacks at total_timeout', async () => {
  const config = fallback([at('a', { request_timeout: 900 }), at('b'), at('c')], { total_timeout: 1500 });
  const { hosts, error, elapsedMs, pending } = await run(config, { answers: { a: ['silent'], b: ['silent'] } });
  expect([hosts, elapsedMs, pending]).toEqual(['a,b', 1500, 0]);
  expect(error).toMatchObject({ status: 408, limit: 'total_timeout' });
});

it('goes on when only a child’s total_timeout has passed', async () => {
  const config = fallback([fallback([at('a'), at('b')], { total_timeout: 1000 }), at('c')]);
  const { hosts, by } = await run(config, { answers: { a: ['silent'] } });
  expect([hosts, by]).toEqual(['a,c', 'config.targets[1]']);
});

it('does not begin a wait that the deadline would cut short', async () => {
  const config = fallback([at('a', { retry: { attempts: 3 } }), at('b')], { total_timeout: 400 });
  const { hosts, elapsedMs, by } = await run(config, { answers: { a: [500] } });
  expect([hosts, elapsedMs, by]).toEqual(['a,b', 0, 'config.targets[1]']);
});
