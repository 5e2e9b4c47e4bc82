import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { fleet, target } from '../../support/fleet.ts';
import { asking, dime, replyUsing } from '../../support/priced.ts';

const filtered = (completionTokens = 5) =>
  replyUsing(completionTokens, 'a', {
    choices: [{ index: 0, message: { role: 'assistant', content: '' }, finish_reason: 'content_filter' }],
  });

const chunk = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'a', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

const streamOf = (...chunks: string[]) => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  text: `${chunks.join('')}data: [DONE]\n\n`,
});

const two = (strategy: object, second: object = {}): Config => ({
  strategy: { mode: 'fallback', ...strategy },
  targets: [target('a'), target('b', second)],
});

describe('a reply that a content filter ended', () => {
  it.each<[string, Config, string]>([
    ['goes on where the fallback names content_policy', two({ on_errors: ['content_policy'] }), 'b'],
    ['goes on to a target that does', two({}, { on_errors: ['content_policy'] }), 'b'],
    [
      'goes on where the fallback does and the target takes all',
      two({ on_errors: ['content_policy'] }, { on_errors: ['any'] }),
      'b',
    ],
    ['is handed out by a plain fallback', two({}), 'a'],
    ['is handed out where only other failures go on', two({ on_errors: ['rate_limit'] }), 'a'],
    [
      'is handed out where the statuses listed are others',
      two({ on_status_codes: [429] }, { on_errors: ['content_policy'] }),
      'a',
    ],
    [
      'is handed out where the next target takes others',
      two({ on_errors: ['content_policy'] }, { on_errors: ['rate_limit'] }),
      'a',
    ],
  ])('%s', async (_, config, expected) => {
    const { ask, answers, log } = fleet(config);
    answers.a = filtered();
    expect(await ask()).toBe(expected);
    expect(log.at(-1)).toBe(expected);
  });

  it('is handed out by the last target, and where the call wants no fallbacks', async () => {
    const { ask, answers, log } = fleet(two({ on_errors: ['content_policy'] }));
    answers.a = filtered();
    expect(await ask({ disableFallbacks: true })).toBe('a');
    answers.b = { ...filtered(), body: { ...filtered().body, model: 'b' } };
    expect(await ask()).toBe('b');
    expect(log).toEqual(['a', 'a', 'b']);
  });

  it('goes on from a target inside another node, which has no such edge itself', async () => {
    const { ask, answers, log } = fleet({
      strategy: { mode: 'fallback', on_errors: ['content_policy'] },
      targets: [{ strategy: { mode: 'loadbalance' }, targets: [target('a')] }, target('b')],
    });
    answers.a = filtered();
    expect(await ask()).toBe('b');
    expect(log).toEqual(['a', 'b']);
  });

  it('is a failed attempt of its kind that cost what it used, cools nothing and is not tried again', async () => {
    const { ask, answers, of, portkey, log } = fleet({
      ...two({ on_errors: ['content_policy'] }),
      cooldown: { allowed_fails: 0 },
      retry: { attempts: 3 },
      targets: [target('a', { pricing: dime, budget: { amount: 1, period: 'day' } }), target('b')],
    });
    const ended: unknown[] = [];
    portkey.on('attempt-end', ({ attempt }) => ended.push([attempt.outcome, attempt.errorKind, attempt.cost]));
    answers.a = filtered(300);
    expect(await ask({}, {}, asking(1000))).toBe('b');
    expect(ended[0]).toEqual(['failure', 'content_policy', { microUsd: 30_000, source: 'config' }]);
    expect(of('a')).toMatchObject({ health: 'ready', fails: 0, budgets: [{ spentUsd: 0.03, reservedUsd: 0 }] });
    expect(log).toEqual(['a', 'b']);
  });
});

describe('a stream that a content filter ends', () => {
  const config = two({ on_errors: ['content_policy'] });
  const read = async (
    stream: AsyncIterable<{
      model: string;
      choices: readonly { delta: { content?: string | null }; finish_reason: string | null }[];
    }>,
  ) => {
    const seen: unknown[] = [];
    for await (const { model, choices } of stream)
      seen.push([model, choices[0]?.delta.content, choices[0]?.finish_reason]);
    return seen;
  };

  it('before its first content goes on to the next target: the reader sees only that one', async () => {
    const { stream, answers, log } = fleet(config);
    answers.a = streamOf(chunk({ role: 'assistant', content: '' }), chunk({}, 'content_filter'));
    answers.b = streamOf(chunk({ role: 'assistant', content: 'fine' }), chunk({}, 'stop'));
    expect(await read(await stream())).toEqual([
      ['a', 'fine', null],
      ['a', undefined, 'stop'],
    ]);
    expect(log).toEqual(['a', 'b']);
  });

  it('after its first content stays as it is: a stream never changes its source', async () => {
    const { stream, answers, log } = fleet(config);
    answers.a = streamOf(chunk({ content: 'so' }), chunk({}, 'content_filter'));
    expect(await read(await stream())).toEqual([
      ['a', 'so', null],
      ['a', undefined, 'content_filter'],
    ]);
    expect(log).toEqual(['a']);
  });
});
