import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { type Answer, fleet, target } from '../../support/fleet.ts';

/** A prompt of about so many tokens: four letters each. */
const prompt = (tokens: number) => ({ messages: [{ role: 'user', content: 'abcd'.repeat(tokens) }] });

const contextError: Answer = {
  status: 400,
  body: { error: { message: 'too long', type: 'invalid_request_error', code: 'context_length_exceeded' } },
};

const edges = (window: object = {}): Config => ({
  strategy: { mode: 'fallback' },
  targets: [
    target('p', window),
    target('big', { on_errors: ['context_window'] }),
    target('gen', { on_errors: ['any'] }),
  ],
});

describe('a target with a window of 4000 tokens, a big one for what is too long, another for all else', () => {
  it.each<[string, Answer, string]>([
    ['big only, when the provider says the prompt is too long', contextError, 'big'],
    ['gen only, when the provider fails', 500, 'gen'],
  ])('asks %s', async (_, answer, expected) => {
    const { ask, answers, log } = fleet(edges({ max_input_tokens: 4000 }));
    answers.p = answer;
    if (expected === 'gen') answers.big = 500;
    expect(await ask()).toBe(expected);
    expect(log).toEqual(['p', expected]);
  });

  it('asks big at once for a prompt that is clearly too long', async () => {
    const { ask, log } = fleet(edges({ max_input_tokens: 4000 }));
    expect(await ask({}, {}, prompt(5100))).toBe('big');
    expect(log).toEqual(['big']);
  });
});

it.each<[string, object, object, 'p' | 'big']>([
  ['a prompt that may just fit', { max_input_tokens: 4000 }, prompt(4900), 'p'],
  ['a prompt that cannot', { max_input_tokens: 4000 }, prompt(5000), 'big'],
  ['a prompt that fits without its reply', { max_input_tokens: 4000 }, { ...prompt(3000), max_tokens: 2000 }, 'big'],
  ['one that fits beside its reply', { max_input_tokens: 4000 }, { ...prompt(3000), max_tokens: 1500 }, 'p'],
  ['one whose reply nobody bounds', { max_input_tokens: 4000 }, prompt(3900), 'p'],
  ['several choices, each of which fits', { max_input_tokens: 4000 }, { ...prompt(1000), max_tokens: 3000, n: 4 }, 'p'],
  ['a reply longer than the target writes', { max_output_tokens: 1000 }, { max_tokens: 1001 }, 'big'],
  ['a reply as long as the target writes', { max_output_tokens: 1000 }, { max_completion_tokens: 1000 }, 'p'],
  [
    'an override that makes it fit',
    { max_output_tokens: 1000, override_params: { max_tokens: 500 } },
    { max_tokens: 1001 },
    'p',
  ],
])('sends %s to the right target', async (_, window, body, expected) => {
  const { ask, log } = fleet(edges(window));
  expect(await ask({}, {}, body)).toBe(expected);
  expect(log).toEqual([expected]);
});

it('looks at every target, also at those of a fallback, and says what does not fit when none is left', async () => {
  const { portkey, log } = fleet({
    strategy: { mode: 'fallback' },
    targets: [target('a', { max_input_tokens: 100 }), target('b', { max_input_tokens: 200 })],
  });
  const error = await portkey.chat.completions
    .create({ model: 'm', max_tokens: 50, messages: [{ role: 'user', content: 'abcd'.repeat(1000) }] })
    .catch((thrown) => thrown);
  expect(error).toMatchObject({
    name: 'ContextWindowError',
    status: 400,
    kind: 'context_window',
    code: 'context_length_exceeded',
    type: 'invalid_request_error',
    param: 'messages',
    message:
      '400 A prompt of about 1007 tokens and a reply of up to 50 cannot fit the 200 tokens of config.targets[1]. Nothing was sent.',
  });
  expect(log).toEqual([]);
});

it('keeps a loadbalance to the targets that fit, and refuses at once even where requests queue', async () => {
  const { ask, log } = fleet({
    strategy: { mode: 'loadbalance' },
    queue: { max_wait: 60 },
    targets: [target('a', { max_input_tokens: 100, max_concurrency: 1 }), target('b', { max_input_tokens: 10_000 })],
  });
  for (let i = 0; i < 10; i++) expect(await ask({}, {}, prompt(1000))).toBe('b');
  expect(await ask({}, {}, prompt(20_000))).toMatchObject({ name: 'ContextWindowError', status: 400 });
  expect(log).toEqual(Array.from({ length: 10 }, () => 'b'));
});

it('counts prompts with the tokenizer of the client', async () => {
  const asked: string[] = [];
  const { ask } = fleet(edges({ max_input_tokens: 100 }), {
    tokenizer: (text, model) => {
      asked.push(model);
      return text.length;
    },
  });
  expect(await ask({}, {}, { messages: [{ role: 'user', content: 'a'.repeat(100) }] })).toBe('p');
  expect(await ask({}, {}, { messages: [{ role: 'user', content: 'a'.repeat(130) }] })).toBe('big');
  expect(new Set(asked)).toEqual(new Set(['m']));
});

it('counts them as OpenAI does where gpt-tokenizer is asked for, special tokens as text', async () => {
  const { ask } = fleet(edges({ max_input_tokens: 100 }), { tokenizer: 'gpt-tokenizer' });
  // 'hello world' is two tokens in that vocabulary, five by its characters.
  expect(await ask({}, {}, { messages: [{ role: 'user', content: 'hello world'.repeat(30) }] })).toBe('p');
  expect(await ask({}, {}, { messages: [{ role: 'user', content: '<|endoftext|> hello world'.repeat(30) }] })).toBe(
    'big',
  );
});
