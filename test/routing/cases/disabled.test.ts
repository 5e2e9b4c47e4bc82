import { describe, expect, it } from 'vitest';
import { type Strategy, TargetDisabledError } from '../../../src/index.ts';
import { served } from '../../support/served.ts';
import { errorOf, fallback, hello, inShort, simulated } from '../../support/simulated.ts';

const simulator = simulated();
const ask = (portkey: ReturnType<typeof simulator.client>) => portkey.chat.completions.create(hello);
const named = (provider: string, more: object = {}) => simulator.target(provider, { id: provider, ...more });

/** Providers asked by ten calls, each once. */
async function asked(portkey: ReturnType<typeof simulator.client>): Promise<readonly string[]> {
  for (let call = 0; call < 10; call++) await ask(portkey);
  return [...new Set(simulator.called())].sort();
}

describe('a target taken out of use by hand', () => {
  it('is passed over by a fallback until it is put back, and each turn is an event', async () => {
    const portkey = simulator.client(fallback([named('openai'), named('groq')]));
    const turns: unknown[] = [];
    portkey.on('target-disable', (event) => turns.push(['disable', event]));
    portkey.on('target-enable', (event) => turns.push(['enable', event]));
    expect(portkey.targets.disable('openai')).toMatchObject({ id: 'openai', health: 'disabled' });
    portkey.targets.disable('openai');
    await ask(portkey);
    expect(portkey.targets.enable('openai').health).toBe('ready');
    await ask(portkey);
    expect(simulator.called()).toEqual(['groq', 'openai']);
    const facts = { targetId: 'openai', provider: 'openai', paths: ['config.targets[0]'] };
    expect(turns).toEqual([
      ['disable', facts],
      ['enable', facts],
    ]);
  });

  it.each([
    ['by weight', {}],
    ['at random', { algorithm: 'random' }],
    ['by weight, going on after failures', { algorithm: 'weighted' }],
    ['in turn', { algorithm: 'round_robin' }],
    ['to the least busy', { algorithm: 'least_busy' }],
  ])('gets no share of a loadbalance %s', async (_how, strategy) => {
    const targets = [named('openai'), named('groq')];
    const portkey = simulator.client({ strategy: { mode: 'loadbalance', ...strategy } as Strategy, targets });
    portkey.targets.disable('openai');
    expect(await asked(portkey)).toEqual(['groq']);
    portkey.targets.enable('openai');
    expect(await asked(portkey)).toEqual(['groq', 'openai']);
  });

  it('gets none through a node above it, nor where targets cool and all are called when all do', async () => {
    const strategy = { mode: 'loadbalance' } as const;
    const inner = { strategy, targets: [named('openai')] };
    const portkey = simulator.client({
      strategy,
      cooldown: { allowed_fails: 0, when_all_open: 'panic' },
      targets: [inner, named('groq')],
    });
    portkey.targets.disable('openai');
    expect(await asked(portkey)).toEqual(['groq']);
  });

  it('is not called where it is the only one: the error says why, at once, and names the target', async () => {
    const portkey = simulator.client({ ...named('openai'), retry: { attempts: 3 } });
    portkey.targets.disable('openai');
    const error = await errorOf(ask(portkey), TargetDisabledError);
    expect(error).toMatchObject({
      status: 503,
      code: 'target_disabled',
      target: { path: 'config', targetId: 'openai' },
    });
    expect([simulator.called(), inShort(error.attempts ?? [])]).toEqual([[], []]);
  });

  it('stays out where all others fail, and is not probed when its cooldown is over', async () => {
    const portkey = simulator.client(
      fallback([named('openai'), named('groq')], {}, { cooldown: { allowed_fails: 0, when_all_open: 'panic' } }),
    );
    portkey.targets.disable('openai');
    simulator.script('groq', [{ status: 500 }, { status: 500 }]);
    await ask(portkey).catch(() => undefined);
    await ask(portkey).catch(() => undefined);
    expect(new Set(simulator.called())).toEqual(new Set(['groq']));
  });

  it('must be one there is', () => {
    const portkey = simulator.client(named('openai'));
    expect(() => portkey.targets.disable('opnai')).toThrow('No target has the ID "opnai". Did you mean "openai"?');
    expect(() => simulator.client(undefined, { baseURL: 'http://localhost' }).targets.disable('x')).toThrow('gateway');
  });
});

it('over HTTP, whoever has the admin key takes targets of a server out of use', async () => {
  const { url } = await served({
    config: fallback([named('openai'), named('groq')]),
    keys: ['client'],
    adminKey: 'admin',
  });
  const turn = async (what: string, key: string) =>
    (
      await fetch(`${url}/router/targets/openai/${what}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
      })
    ).status;
  const call = () =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer client', 'content-type': 'application/json' },
      body: JSON.stringify(hello),
    }).then((response) => response.text());
  expect([await turn('disable', 'client'), await turn('disable', 'admin')]).toEqual([403, 200]);
  await call();
  expect(await turn('enable', 'admin')).toBe(200);
  await call();
  expect(simulator.called()).toEqual(['groq', 'openai']);
});
