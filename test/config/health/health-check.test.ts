import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import v8 from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { toHealthCheckPolicy } from '../../../src/config/health/health-check.ts';
import { parseConfig } from '../../../src/config/parse.ts';
import { type Config, ConfigError, type PortkeyEvents } from '../../../src/index.ts';
import { fleet, settle, target } from '../../support/fleet.ts';

const every10 = { interval: 10, timeout: 2 };

/** A loadbalance that goes on to b when a cools; a is checked. */
function checked(check: object = every10, node: object = {}) {
  const config = {
    strategy: { mode: 'fallback' },
    targets: [target('a', { health_check: check } as Config), target('b')],
    ...node,
  } as Config;
  const fleeting = fleet(config);
  const { clock, portkey } = fleeting;
  const told: PortkeyEvents['health-check'][] = [];
  const turns: string[] = [];
  portkey.on('health-check', (event) => told.push(event));
  portkey.on('target-open', () => turns.push('open'));
  portkey.on('target-close', () => turns.push('close'));
  /** Lets checks happen: the first comes at once, as chance is 0 here. */
  const pass = async (seconds: number) => {
    clock.advance(seconds * 1000);
    await settle();
  };
  return { ...fleeting, told, turns, pass };
}

describe('a health check', () => {
  it('takes a failing target out of use before a request meets it, and puts it back at once', async () => {
    const { answers, ask, pass, turns, told, of } = checked();
    answers.a = 503;
    for (let i = 0; i < 3; i++) await pass(i === 0 ? 0 : 10);
    expect([turns, of('a')?.health]).toEqual([['open'], 'cooling']);
    expect(await ask()).toBe('b');
    answers.a = 200;
    await pass(10);
    expect([turns, of('a')?.health, await ask()]).toEqual([['open', 'close'], 'recovering', 'a']);
    expect(told.map(({ healthy, error }) => `${healthy} ${error?.kind}`)).toEqual([
      'false server',
      'false server',
      'false server',
      'true undefined',
    ]);
    expect(told[0]).toMatchObject({
      target: { path: 'config.targets[0]', targetId: 'a' },
      metadata: {},
      durationMs: 0,
    });
  });

  it('stays out of use as long as checks fail', async () => {
    const { answers, pass, of, ask, log } = checked();
    answers.a = 500;
    for (let i = 0; i < 20; i++) await pass(i === 0 ? 0 : 10);
    log.length = 0;
    expect([of('a')?.health, await ask(), log]).toEqual(['cooling', 'b', ['b']]);
  });

  it('counts like a failed request for the cooldown', async () => {
    const { answers, pass, turns } = checked(every10, { cooldown: { allowed_fails: 0 } });
    answers.a = 500;
    await pass(0);
    expect(turns).toEqual(['open']);
  });

  it('needs failures in a row', async () => {
    const { answers, pass, turns, of } = checked(every10, { cooldown: { allowed_fails: 10 } });
    for (const answer of [500, 500, 200, 500, 500]) {
      answers.a = answer;
      await pass(10);
    }
    expect([turns, of('a')?.fails]).toEqual([[], 4]);
  });

  it('needs as many good ones in a row as it says', async () => {
    const { answers, pass, turns } = checked({ ...every10, healthy_after: 2, unhealthy_after: 1 });
    for (const answer of [500, 200, 500, 200, 200]) {
      answers.a = answer;
      await pass(10);
    }
    expect(turns).toEqual(['open', 'close']);
  });

  it('fails for want of time', async () => {
    const { answers, pass, told } = checked();
    answers.a = 'silent';
    await pass(0);
    expect(told).toEqual([]);
    await pass(2);
    expect(told).toMatchObject([{ healthy: false, durationMs: 2000, error: { kind: 'timeout' } }]);
  });

  it('comes again its interval after the one before has ended', async () => {
    const { log, pass, answers } = checked();
    answers.a = 'silent';
    await pass(0);
    await pass(2);
    await pass(9);
    expect(log).toEqual(['a']);
    await pass(1);
    expect(log).toEqual(['a', 'a']);
  });

  it('that the provider does not take says nothing of the target, and warns once', async () => {
    const { portkey, answers, pass, turns, of } = checked();
    const warnings: string[] = [];
    portkey.on('warning', ({ code, message }) => warnings.push(`${code}: ${message}`));
    answers.a = 404;
    for (let i = 0; i < 5; i++) await pass(i === 0 ? 0 : 10);
    expect([turns, of('a')?.fails]).toEqual([[], 0]);
    expect(warnings).toEqual(['health_check: The health check of config.targets[0] says nothing of it: 404 failed']);
  });

  it('makes the only target of its node cool, too', async () => {
    const only = fleet(target('a', { health_check: every10 } as Config));
    only.answers.a = 500;
    for (let i = 0; i < 3; i++) {
      only.clock.advance(10_000);
      await settle();
    }
    expect(only.of('a')?.health).toBe('cooling');
  });

  it('is made once for targets of one identity, however often their configs are compiled', async () => {
    const { portkey, log, pass, ask } = checked();
    const again = (): Config => ({
      strategy: { mode: 'loadbalance' },
      targets: [target('a', { health_check: every10 } as Config)],
    });
    await ask({ config: again() });
    await ask({ config: again() });
    log.length = 0;
    await pass(0);
    await pass(10);
    expect([log, portkey.state().length]).toEqual([['a', 'a'], 2]);
  });

  it('takes no place in flight and is no attempt', async () => {
    const { portkey, answers, pass, of } = checked({ ...every10 }, {});
    const attempts: unknown[] = [];
    portkey.on('attempt-start', (event) => attempts.push(event));
    answers.a = 'silent';
    await pass(0);
    expect([attempts, of('a')?.inFlight]).toEqual([[], 0]);
  });
});

describe('what is asked', () => {
  it.each<[string, object, readonly string[]]>([
    ['the list of models', {}, ['GET http://a.test/v1/models null k']],
    ['a path', { path: '/healthz?deep=1' }, ['GET http://a.test/v1/healthz?deep=1 null k']],
    [
      'a chat completion',
      { request: { model: 'small', messages: [{ role: 'user', content: 'hi' }], max_tokens: 1 } },
      [
        'POST http://a.test/v1/chat/completions {"model":"small","messages":[{"role":"user","content":"hi"}],"max_tokens":1} k',
      ],
    ],
  ])('is %s', async (_, check, expected) => {
    const asked: string[] = [];
    const { clock, portkey } = fleet(target('a', { health_check: { ...every10, ...check } } as Config), {
      fetch: async (input, init) => {
        const url = input instanceof Request ? input.url : String(input);
        asked.push(
          `${init?.method} ${url} ${init?.body} ${new Headers(init?.headers).get('authorization')?.replace('Bearer ', '')}`,
        );
        return Response.json({ object: 'list', data: [], choices: [] });
      },
    });
    clock.advance(0);
    await settle();
    expect(asked).toEqual(expected);
    await portkey.close();
  });
});

it('ends when the config that wants it is gone', async () => {
  v8.setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const { clock, ask, log } = fleet({});
  await ask({ config: target('a', { health_check: every10 } as Config) });
  expect(clock.pending).toBe(1);
  for (let i = 0; i < 5; i++) {
    await settle();
    collect();
  }
  log.length = 0;
  clock.advance(1000);
  await settle();
  expect([log, clock.pending]).toEqual([[], 0]);
});

describe('close', () => {
  it('ends all checks, one under way included', async () => {
    const { portkey, clock, answers, pass, told, log } = checked();
    answers.a = 'silent';
    await pass(0);
    expect(clock.pending).toBe(1);
    await portkey.close();
    await settle();
    expect([clock.pending, told]).toEqual([0, []]);
    await pass(100);
    expect(log).toEqual(['a']);
    await portkey.close();
  });

  it('leaves calls alone, and starts no check any more', async () => {
    const { portkey, ask, clock } = checked();
    await portkey[Symbol.asyncDispose]();
    expect(await ask({ config: { ...target('c', { health_check: every10 } as Config) } })).toBe('c');
    expect(clock.pending).toBe(0);
  });

  it('is not needed for the process to end', async () => {
    const code = `
      import { Portkey } from 'modelmux';
      new Portkey({ config: { provider: 'openai', api_key: 'k', custom_host: 'http://127.0.0.1:9/v1', health_check: { interval: 3600 } } });
      console.log('made');`;
    const run = promisify(execFile);
    const root = join(import.meta.dirname, '../../..');
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], {
      cwd: root,
      timeout: 100_000,
    });
    expect(stdout).toBe('made\n');
  });
});

it.each<[string, object, string | undefined]>([
  ['nothing but itself', { health_check: {} }, undefined],
  ['camelCase', { healthCheck: { unhealthyAfter: 1 } }, undefined],
  ['too short an interval', { health_check: { interval: 0.5 } }, '$.health_check.interval: Too small'],
  [
    'a time longer than its interval',
    { health_check: { interval: 3, timeout: 5 } },
    '$.health_check.timeout: Must be at most "interval", 3, received 5.',
  ],
  ['a path that leaves', { health_check: { path: '/../admin' } }, '$.health_check.path: Must not hold "." or "..".'],
  [
    'another host',
    { health_check: { path: '//evil.test' } },
    '$.health_check.path: Must be a path below the base URL that begins with "/"',
  ],
  [
    'path and request',
    { health_check: { path: '/a', request: {} } },
    '$.health_check.request: Given beside "path". Keep one.',
  ],
  [
    'an unknown key',
    { health_check: { intervall: 1 } },
    '$.health_check.intervall: Unknown key "intervall" of "health_check". Did you mean "interval"?',
  ],
  [
    'a provider without models',
    { provider: 'anthropic', health_check: {} },
    '$.health_check: Anthropic has no list of models to ask for.',
  ],
  [
    'a provider without models but a request',
    { provider: 'anthropic', health_check: { request: { model: 'm' } } },
    undefined,
  ],
  [
    'a node with targets',
    {
      provider: undefined,
      api_key: undefined,
      strategy: { mode: 'fallback' },
      targets: [{ provider: 'openai' }],
      health_check: {},
    },
    '$.health_check: Has no effect on a node with "targets". It belongs on a target.',
  ],
])('a config may have, or not, a health check with %s', (_, node, problem) => {
  let message: string | undefined;
  try {
    parseConfig({ provider: 'openai', api_key: 'k', ...node });
  } catch (error) {
    const [issue] = error instanceof ConfigError ? error.issues : [];
    message = `${issue?.path}: ${issue?.message}`;
  }
  expect(message?.slice(0, problem?.length)).toBe(problem);
});

it.each([
  [{}, 5000],
  [{ interval: 3 }, 3000],
  [{ interval: 3, timeout: 2 }, 2000],
])('%o takes %i ms at most', (check, timeoutMs) => {
  expect(toHealthCheckPolicy(check)).toMatchObject({ timeoutMs });
});
