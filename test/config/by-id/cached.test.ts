import { beforeEach, describe, expect, it } from 'vitest';
import { cachedConfigs } from '../../../src/config/by-id/cached.ts';
import type { ConfigListener, ConfigSource, FoundConfig } from '../../../src/config/by-id/config-source.ts';
import { resolverConfigs } from '../../../src/config/by-id/resolver.ts';
import { ConfigNotFoundError } from '../../../src/core/errors/config-error.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';
import { type EventLog, eventLog } from '../../vault/event-log.ts';
import { canary, expectNoCanary, failure } from '../../vault/secrets.ts';

let clock: ManualClock;
let events: EventLog;
let calls: string[];
let configs: Record<string, FoundConfig | Error | undefined>;
let listener: ConfigListener | undefined;
let source: ConfigSource;

beforeEach(() => {
  clock = manualClock();
  events = eventLog();
  [calls, configs, listener] = [[], {}, undefined];
  source = {
    async get(id) {
      calls.push(id);
      const found = configs[id];
      if (found instanceof Error) throw found;
      return found;
    },
    ids: () => Object.keys(configs),
    subscribe(given) {
      listener = given;
      return () => {};
    },
  };
});

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const found = (model: string, version?: string): FoundConfig => ({
  config: { override_params: { model } },
  ...(version === undefined ? {} : { version }),
});

describe('cached configs', () => {
  it('share one lookup, and give the answer for 60 s', async () => {
    configs = { a: found('one') };
    const cached = cachedConfigs(source, { clock });
    expect(await Promise.all([cached.get('a'), cached.get('a')])).toEqual([found('one'), found('one')]);
    clock.advance(59_999);
    await cached.get('a');
    expect(calls).toEqual(['a']);
  });

  it('give the old answer while they refresh it, then tell listeners and give the new one', async () => {
    configs = { a: found('one') };
    const cached = cachedConfigs(source, { clock });
    const heard: string[] = [];
    const unsubscribe = cached.subscribe?.((id) => heard.push(id));
    await cached.get('a');
    configs = { a: found('two') };
    clock.advance(60_000);
    expect(await cached.get('a')).toEqual(found('one'));
    await settle();
    expect(heard).toEqual(['a']);
    expect(await cached.get('a')).toEqual(found('two'));
    unsubscribe?.();
    configs = {};
    clock.advance(60_000);
    await cached.get('a');
    await settle();
    expect(await cached.get('a')).toBeUndefined();
    expect(heard).toEqual(['a']);
  });

  it.each([
    ['the same version', found('one', 'v1'), found('changed unseen', 'v1'), []],
    ['another version', found('one', 'v1'), found('one', 'v2'), ['a']],
    ['the same config without a version', found('one'), found('one'), []],
    ['a first version of the same config', found('one'), found('one', 'v1'), []],
    ['no config any more', found('one'), undefined, ['a']],
  ])('tell listeners of a refresh that found %s: %#', async (_, before, after, expected) => {
    configs = { a: before };
    const cached = cachedConfigs(source, { clock });
    const heard: string[] = [];
    cached.subscribe?.((id) => heard.push(id));
    await cached.get('a');
    configs = { a: after };
    clock.advance(60_000);
    await cached.get('a');
    await settle();
    expect(heard).toEqual(expected);
  });

  it('remember for 5 s that there is none', async () => {
    const cached = cachedConfigs(source, { clock });
    expect(await cached.get('a')).toBeUndefined();
    configs = { a: found('one') };
    clock.advance(4999);
    expect(await cached.get('a')).toBeUndefined();
    clock.advance(1);
    expect(await cached.get('a')).toEqual(found('one'));
  });

  it('keep the last good config through failures, with one warning for each outage, asking ever less often', async () => {
    configs = { a: found('one') };
    const cached = cachedConfigs(source, { clock, events });
    await cached.get('a');
    configs = { a: new ConfigNotFoundError('a', 'could not be fetched from host. It answered 503.') };
    clock.advance(60_000);
    for (let second = 0; second < 10; second += 1) {
      expect(await cached.get('a')).toEqual(found('one'));
      await settle();
      clock.advance(1000);
    }
    // At once, then after 1, 2 and 4 s.
    expect(calls).toHaveLength(5);
    const message = 'Config "a" could not be fetched from host. It answered 503. The last good one is kept.';
    expect(events.warnings).toEqual([{ code: 'config_reload', message }]);
    configs = { a: found('two') };
    clock.advance(60_000);
    await cached.get('a');
    await settle();
    expect(await cached.get('a')).toEqual(found('two'));
    configs = { a: new ConfigNotFoundError('a', 'could not be fetched from host. It answered 503.') };
    clock.advance(60_000);
    await cached.get('a');
    await settle();
    expect(events.warnings).toHaveLength(2);
  });

  it('are looked up by themselves while anybody asks for them, and never make a caller wait', async () => {
    configs = { a: found('one') };
    const cached = cachedConfigs(source, { clock, events, pollMs: 4000 });
    await cached.get('a');
    const changed: string[] = [];
    cached.subscribe?.((id) => changed.push(id));
    configs = { a: found('two') };
    clock.advance(4000);
    await settle();
    expect([calls.length, changed]).toEqual([2, ['a']]);
    expect(await cached.get('a')).toEqual(found('two'));
    configs = { a: new ConfigNotFoundError('a', 'could not be fetched from host. It answered 503.') };
    for (let tick = 0; tick < 5; tick++) {
      clock.advance(4000);
      await settle();
    }
    expect([calls.length, events.warnings.length]).toEqual([7, 1]);
    configs = { a: found('three') };
    clock.advance(4000);
    await settle();
    expect(await cached.get('a')).toEqual(found('three'));
    for (let tick = 0; tick < 200; tick++) {
      clock.advance(4000);
      await settle();
    }
    const asked = calls.length;
    expect(asked).toBeLessThan(8 + 151);
    configs = { a: found('four') };
    clock.advance(60_000);
    expect(calls.length).toBe(asked);
    expect(await cached.get('a')).toEqual(found('four'));
    cached.close();
    clock.advance(60_000);
    await settle();
    expect(calls.length).toBe(asked + 1);
  });

  it('reject a failed first lookup with an error for each caller, naming a near ID and the cause', async () => {
    const cause = new Error('socket hang up');
    configs = {
      'pc-main': found('one'),
      'pc-mian': new ConfigNotFoundError('pc-mian', 'could not be fetched.', cause),
    };
    source = { ...source, ids: () => ['pc-main'] };
    const cached = cachedConfigs(source, { clock, events });
    const [first, second] = await Promise.all([
      failure(() => cached.get('pc-mian')),
      failure(() => cached.get('pc-mian')),
    ]);
    expect(first).toBeInstanceOf(ConfigNotFoundError);
    expect(first).not.toBe(second);
    expect(first).toMatchObject({
      message: 'Config "pc-mian" could not be fetched. Did you mean "pc-main"?',
      cause,
    });
    expect(calls).toEqual(['pc-mian']);
    expect(events.warnings).toEqual([]);
  });

  it('quote nothing of an error that is not ours', async () => {
    configs = { a: new Error(`refused: ${canary}`), b: found('one') };
    const cached = cachedConfigs(source, { clock, events });
    const error = await failure(() => cached.get('a'));
    expect(error.message).toBe('Config "a" could not be looked up: Error.');
    await cached.get('b');
    configs = { b: new Error(canary) };
    clock.advance(60_000);
    await cached.get('b');
    await settle();
    expect(events.warnings).toHaveLength(1);
    expectNoCanary(events.warnings);
  });

  it('look a config up again as soon as the source reports a change, and pass the report on', async () => {
    configs = { a: found('one') };
    const cached = cachedConfigs(source, { clock });
    const heard: (FoundConfig | undefined)[] = [];
    cached.subscribe?.(async (id) => heard.push(await cached.get(id)));
    await cached.get('a');
    configs = { a: found('two') };
    listener?.('a');
    expect(await cached.get('a')).toEqual(found('two'));
    expect(heard).toEqual([found('two')]);
  });

  it('go on when a listener throws, with a warning', async () => {
    const cached = cachedConfigs(source, { clock, events });
    const heard: string[] = [];
    cached.subscribe?.(() => {
      throw new Error(canary);
    });
    cached.subscribe?.((id) => heard.push(id));
    listener?.('a');
    expect(heard).toEqual(['a']);
    expect(events.warnings).toEqual([
      { code: 'listener', message: 'A listener for changed configs failed at config "a": Error.' },
    ]);
  });

  it('hold a bounded number', async () => {
    const cached = cachedConfigs(source, { clock, maxEntries: 2 });
    for (const id of ['a', 'b', 'c', 'b', 'a']) await cached.get(id);
    expect(calls).toEqual(['a', 'b', 'c', 'a']);
  });

  it('ask the source nothing that cannot be an ID', async () => {
    const cached = cachedConfigs(source, { clock });
    expect(await failure(() => cached.get('../a'))).toBeInstanceOf(ConfigNotFoundError);
    expect(calls).toEqual([]);
  });

  it('can be asked for one config from within the lookup of another', async () => {
    const cached: ConfigSource = cachedConfigs(
      resolverConfigs(async (id) =>
        id === 'outer' ? { targets: [(await cached.get('inner'))?.config] } : { provider: id },
      ),
      { clock },
    );
    expect(await cached.get('outer')).toEqual({ config: { targets: [{ provider: 'inner' }] } });
  });

  it('list IDs where the source can', () => {
    configs = { a: found('one') };
    expect(cachedConfigs(source, { clock }).ids?.()).toEqual(['a']);
    const { get } = source;
    expect(cachedConfigs({ get }, { clock }).ids).toBeUndefined();
  });
});
