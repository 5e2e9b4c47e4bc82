import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { fleet, target } from '../../support/fleet.ts';

const inOrder = (...targets: Config[]): Config => ({ strategy: { mode: 'fallback' }, targets });

describe('tags', () => {
  const config = inOrder(
    target('free', { tags: ['free', 'default'] }),
    target('paid', { tags: ['paid', 'eu'] }),
    target('none'),
  );

  it.each<[string, object, string]>([
    ['any one of those a call asks for', { tags: ['eu', 'gold'] }, 'paid'],
    ['the first target in order that has one', { tags: ['paid', 'free'] }, 'free'],
    ['default, for a call that asks for none', {}, 'free'],
    ['default, for an empty list', { tags: [] }, 'free'],
    ['those in metadata, as a list', { metadata: { tags: ['paid'] } }, 'paid'],
    ['those in metadata, as names with commas between', { metadata: { tags: 'gold, eu' } }, 'paid'],
    ['the option before metadata', { tags: ['free'], metadata: { tags: 'paid' } }, 'free'],
  ])('lead to %s', async (_, params, expected) => {
    const { ask, log } = fleet(config);
    expect(await ask(params)).toBe(expected);
    expect(log).toEqual([expected]);
  });

  it('no target has are an error, and nothing is sent', async () => {
    const { portkey, log } = fleet(config);
    const error = await portkey.chat.completions
      .create({ model: 'm', messages: [] }, { tags: ['gold'] })
      .catch((thrown) => thrown);
    expect(error).toMatchObject({
      name: 'NoMatchingTargetError',
      status: 400,
      code: 'no_matching_target',
      message: '400 The call asks for tag "gold", config.targets[2] has no tags. Nothing was sent.',
    });
    expect(log).toEqual([]);
  });

  it('let a call without any go everywhere where no target is tagged default', async () => {
    const { ask, answers } = fleet(inOrder(target('a', { tags: ['x'] }), target('b')));
    expect(await ask()).toBe('a');
    answers.a = 500;
    expect(await ask()).toBe('b');
  });

  it('choose nothing where no target has any', async () => {
    const { ask } = fleet(inOrder(target('a'), target('b')));
    expect(await ask({ tags: ['spend-tag'] })).toBe('a');
  });

  it('of a node hold for all targets below, beside their own; all of them must match where it says so', async () => {
    const node = (more: object): Config =>
      inOrder(
        { strategy: { mode: 'loadbalance' }, tags: ['eu'], ...more, targets: [target('a', { tags: ['fast'] })] },
        target('b', { tags: ['eu', 'slow'] }),
      );
    const any = fleet(node({}));
    expect(await any.ask({ tags: ['eu', 'slow'] })).toBe('a');
    const all = fleet(node({ tag_match: 'all' }));
    expect(await all.ask({ tags: ['eu', 'slow'] })).toBe('b');
    expect(await all.ask({ tags: ['eu', 'fast'] })).toBe('a');
  });

  it('keep a loadbalance to the targets that match, failover included', async () => {
    const { ask, answers, log } = fleet({
      strategy: { mode: 'loadbalance', algorithm: 'round_robin' },
      targets: [target('a', { tags: ['x'] }), target('b', { tags: ['y'] }), target('c', { tags: ['x'] })],
    });
    for (let i = 0; i < 6; i++) expect(await ask({ tags: ['x'] })).toMatch(/^[ac]$/);
    answers.a = 500;
    answers.c = 500;
    expect(await ask({ tags: ['x'] })).toMatchObject({ status: 500 });
    expect(log).not.toContain('b');
  });

  it('keep cached answers of one tag from calls that ask for another', async () => {
    const { ask, log } = fleet({
      ...inOrder(target('a', { tags: ['x'] }), target('b', { tags: ['y'] })),
      cache: { mode: 'simple' },
    });
    expect(await ask({ tags: ['x'] })).toBe('a');
    expect(await ask({ tags: ['y'] })).toBe('b');
    expect(await ask({ tags: ['x'] })).toBe('a');
    expect(log).toEqual(['a', 'b']);
  });
});

describe('a region', () => {
  const config = inOrder(
    target('none'),
    { strategy: { mode: 'single' }, region: 'us', targets: [target('us')] },
    target('eu', { region: 'eu' }),
  );

  it.each<[string, object, string]>([
    ['that a target names leads there', { region: 'eu' }, 'eu'],
    ['that a node names leads to its targets', { region: 'us' }, 'us'],
    ['may be one of several', { region: ['ap', 'eu'] }, 'eu'],
    ['not asked for leads anywhere', {}, 'none'],
  ])('%s', async (_, params, expected) => {
    const { ask, log } = fleet(config);
    expect(await ask(params)).toBe(expected);
    expect(log).toEqual([expected]);
  });

  it('that no target names is nowhere, also in a config without regions', async () => {
    const { ask, log } = fleet(config);
    expect(await ask({ region: 'ap' })).toMatchObject({ name: 'NoMatchingTargetError', status: 400 });
    expect(await ask({ region: 'eu', config: target('a') })).toMatchObject({ name: 'NoMatchingTargetError' });
    expect(log).toEqual([]);
  });
});
