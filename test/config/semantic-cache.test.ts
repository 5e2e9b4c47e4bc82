import { type Config, memoryStore, Portkey } from 'modelmux';
import { describe, expect, it } from 'vitest';
import type { PortkeyOptions } from '../../src/config/client-options.ts';
import { settle } from '../support/fleet.ts';
import { manualClock } from '../support/manual-clock.ts';
import { answering, embedding, type Meanings, meanings } from '../support/meanings.ts';

const capital = 'What is the capital of France?';
/** About the same in other words: 10 degrees away, a cosine of 0.985. */
const alike = 'Which city is France’s capital?';
/** 20 degrees away, a cosine of 0.940. */
const related = 'What is the largest city of France?';
const degrees = { [capital]: 0, [alike]: 10, [related]: 20, 'another thing': 90 };

function setup(cache: object = {}, options: PortkeyOptions = {}, provider: Meanings = meanings(degrees)) {
  const clock = manualClock();
  const warnings: string[] = [];
  const config = { cache: { mode: 'semantic', embedding, ...cache }, ...answering } as Config;
  const portkey = new Portkey({ config, clock, environment: {}, fetch: provider.fetch, ...options });
  portkey.on('warning', ({ code, message }) => {
    // That nobody knows what the models of this test cost is another matter.
    if (code === 'cache') warnings.push(`${code}: ${message}`);
  });
  const ask = async (content: unknown, changes: object = {}, params: object = {}) => {
    const messages = [{ role: 'user' as const, content: content as string }];
    const reply = await portkey.chat.completions.create({ model: 'm', messages, ...changes }, params);
    return `${reply.getHeaders()['cache-status']}: ${reply.choices[0]?.message.content}`;
  };
  return { portkey, clock, provider, warnings, ask, config };
}

describe('a question in other words', () => {
  it('gets the answer of the first one, without a call', async () => {
    const { ask, provider } = setup();
    expect([await ask(capital), await ask(alike), await ask(related)]).toEqual([
      'SEMANTIC MISS: answer 1',
      'SEMANTIC HIT: answer 1',
      'SEMANTIC MISS: answer 2',
    ]);
    expect([provider.asked.length, provider.embedded.length]).toEqual([2, 3]);
  });

  it('to the letter costs no embedding', async () => {
    const { ask, provider } = setup();
    expect([await ask(capital), await ask(capital)]).toEqual(['SEMANTIC MISS: answer 1', 'HIT: answer 1']);
    expect(provider.embedded).toEqual([capital]);
  });

  it('gets the nearest answer where several are near enough', async () => {
    const { ask } = setup({ threshold: 0.9 }, {}, meanings({ ...degrees, 'in between': 17 }));
    await ask(related);
    await ask('another thing');
    expect([await ask(capital), await ask('in between')]).toEqual(['SEMANTIC HIT: answer 1', 'SEMANTIC HIT: answer 1']);
  });

  it.each([
    [0.93, 'SEMANTIC HIT'],
    [0.94, 'SEMANTIC MISS'],
    [1, 'SEMANTIC MISS'],
  ])('with threshold %d a cosine of 0.9397 is a %s', async (threshold, status) => {
    const { ask } = setup({ threshold });
    await ask(capital);
    expect(await ask(related)).toContain(status);
  });

  it('is served without attempts; the attempts of the embedding are told in events', async () => {
    const { portkey, ask } = setup();
    const paths: string[] = [];
    portkey.on('attempt-end', ({ attempt }) => paths.push(`${attempt.path} ${attempt.model}`));
    await ask(capital);
    const messages = [{ role: 'user' as const, content: alike }];
    const reply = await portkey.chat.completions.create({ model: 'm', messages });
    expect(reply.attempts).toEqual([]);
    expect(paths).toEqual(['config.cache.embedding small', 'config m', 'config.cache.embedding small']);
  });

  it('at the same time as its twin is embedded and answered once', async () => {
    const { ask, provider } = setup();
    await ask(capital);
    expect((await Promise.all([ask(alike), ask(alike)])).sort()).toEqual([
      'SEMANTIC HIT: answer 1',
      'SEMANTIC HIT: answer 1',
    ]);
    expect(provider.embedded).toEqual([capital, alike]);
  });
});

describe('everything else must be equal', () => {
  it.each<[string, object]>([
    ['the model', { model: 'other' }],
    ['a parameter', { temperature: 0 }],
    ['tools', { tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] }],
    ['the user', { user: 'u-1' }],
  ])('%s', async (_, changes) => {
    const { ask } = setup();
    await ask(capital);
    expect([await ask(alike, changes), await ask(alike)]).toEqual([
      'SEMANTIC MISS: answer 2',
      'SEMANTIC HIT: answer 1',
    ]);
  });

  it('the messages before, system prompt included', async () => {
    const { ask, portkey } = setup();
    const chat = async (before: string, content: string) => {
      const messages = [
        { role: 'system' as const, content: before },
        { role: 'user' as const, content },
      ];
      return (await portkey.chat.completions.create({ model: 'm', messages })).getHeaders()['cache-status'];
    };
    await ask(capital);
    expect([await chat('Be brief.', alike), await chat('Be kind.', alike), await chat('Be brief.', capital)]).toEqual([
      'SEMANTIC MISS',
      'SEMANTIC MISS',
      'SEMANTIC HIT',
    ]);
  });

  it('pictures beside the text', async () => {
    const { ask } = setup();
    const withPicture = (text: string, url: string) => [
      { type: 'image_url', image_url: { url } },
      { type: 'text', text },
    ];
    const answers = [];
    for (const [text, url] of [
      [capital, 'a'],
      [alike, 'b'],
      [alike, 'a'],
    ] as const)
      answers.push(await ask(withPicture(text, `http://pictures.test/${url}`)));
    expect(answers).toEqual(['SEMANTIC MISS: answer 1', 'SEMANTIC MISS: answer 2', 'SEMANTIC HIT: answer 1']);
  });

  it('namespace, and the client', async () => {
    const provider = meanings(degrees);
    const store = memoryStore();
    const { ask } = setup({}, { store }, provider);
    await ask(capital);
    expect(await ask(alike, {}, { cacheNamespace: 'n' })).toBe('SEMANTIC MISS: answer 2');
    expect(await setup({}, { store }, provider).ask(alike)).toBe('SEMANTIC MISS: answer 3');
  });

  it.each<[string, readonly object[]]>([
    ['an answer of the model', [{ role: 'assistant', content: capital }]],
    ['a tool’s result', [{ role: 'tool', tool_call_id: 't', content: capital }]],
    [
      'two texts',
      [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
      ],
    ],
    ['no text', [{ role: 'user', content: '  ' }]],
    ['a text too long to be embedded', [{ role: 'user', content: 'x'.repeat(24_001) }]],
  ])('a request that ends with %s is compared to the letter only', async (_, messages) => {
    const { ask, provider } = setup();
    expect([await ask('', { messages }), await ask('', { messages })]).toEqual(['MISS: answer 1', 'HIT: answer 1']);
    expect(provider.embedded).toEqual([]);
  });
});

describe('other endpoints', () => {
  it('responses and messages are compared in the same way', async () => {
    const { portkey } = setup();
    const response = async (input: string) =>
      (await portkey.responses.create({ model: 'm', input })).getHeaders()['cache-status'];
    expect([await response(capital), await response(alike)]).toEqual(['SEMANTIC MISS', 'SEMANTIC HIT']);
    const message = async (content: string) => {
      const messages = [{ role: 'user' as const, content }];
      const reply = await portkey.messages.create({ model: 'm', max_tokens: 5, messages });
      return reply.getHeaders()['cache-status'];
    };
    expect([await message(capital), await message(alike)]).toEqual(['SEMANTIC MISS', 'SEMANTIC HIT']);
  });

  it('embeddings are cached to the letter, and never compared by embeddings', async () => {
    const { portkey, provider } = setup();
    const status = async () =>
      (await portkey.embeddings.create({ model: 'm', input: capital })).getHeaders()['cache-status'];
    expect([await status(), await status(), provider.embedded]).toEqual(['MISS', 'HIT', []]);
  });
});

describe('streams', () => {
  it('are replayed whole, apart from replies that are not streamed', async () => {
    const { portkey, ask } = setup();
    const read = async (content: string) => {
      const stream = await portkey.chat.completions.create({
        model: 'm',
        stream: true,
        messages: [{ role: 'user', content }],
      });
      let text = '';
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
      return `${stream.getHeaders()['cache-status']}: ${text}`;
    };
    await ask(capital);
    expect([await read(capital), await read(alike), await read(alike)]).toEqual([
      'SEMANTIC MISS: answer 2',
      'SEMANTIC HIT: answer 2',
      'SEMANTIC HIT: answer 2',
    ]);
  });
});

describe('an answer that is gone', () => {
  it('leads nowhere once it is too old, and the new one takes its place', async () => {
    const { ask, clock } = setup({ max_age: 60 });
    await ask(capital);
    clock.advance(59_999);
    expect(await ask(alike)).toBe('SEMANTIC HIT: answer 1');
    clock.advance(1);
    expect([await ask(alike), await ask(capital)]).toEqual(['SEMANTIC MISS: answer 2', 'SEMANTIC HIT: answer 2']);
  });

  it('leads to the next nearest when the store has dropped it', async () => {
    const memory = memoryStore();
    const keys: string[] = [];
    const store = {
      ...memory,
      set(key: string, value: string, ttlMs: number) {
        keys.push(key);
        return memory.set(key, value, ttlMs);
      },
    };
    const { ask } = setup({ threshold: 0.9 }, { store: store as never }, meanings({ ...degrees, far: 36 }));
    await ask(alike);
    await ask('far');
    memory.delete(keys[0] ?? '');
    expect(await ask(related)).toBe('SEMANTIC HIT: answer 2');
  });

  it('is replaced by a refresh', async () => {
    const { ask } = setup();
    await ask(capital);
    expect(await ask(capital, {}, { cacheForceRefresh: true })).toBe('REFRESH: answer 2');
    expect(await ask(alike)).toBe('SEMANTIC HIT: answer 2');
    expect(await ask('another thing', {}, { cacheForceRefresh: true })).toBe('REFRESH: answer 3');
    await settle();
    expect(await ask('another thing')).toBe('HIT: answer 3');
  });
});

describe('without an embedding', () => {
  it.each<[string, Meanings['embedding'], string]>([
    ['refused', 500, '500 no'],
    ['unreadable', { data: [] }, 'The reply holds no embedding'],
    ['not of numbers', { data: [{ embedding: [null] }] }, 'The reply holds no embedding'],
  ])('%s: the request is a plain miss, with one warning, and nobody is asked for 10 s', async (_, how, reason) => {
    const { ask, provider, warnings, clock } = setup();
    await ask(capital);
    provider.embedding = how;
    expect([await ask(alike), await ask(related), await ask(capital)]).toEqual([
      'MISS: answer 2',
      'MISS: answer 3',
      'HIT: answer 1',
    ]);
    expect(provider.embedded).toHaveLength(2);
    clock.advance(10_000);
    provider.embedding = 'vector';
    expect(await ask('Capital of France, please?')).toBe('SEMANTIC HIT: answer 1');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('cache: The semantic cache got no embedding: ');
    expect(warnings[0]).toContain(reason);
  });

  it('a silent provider costs 5 s once', async () => {
    const { ask, provider, clock } = setup();
    provider.embedding = 'silent';
    const asked = ask(capital);
    while (provider.embedded.length === 0) await settle();
    clock.advance(4999);
    await settle();
    expect(provider.asked).toHaveLength(0);
    clock.advance(1);
    expect([await asked, await ask(alike)]).toEqual(['MISS: answer 1', 'MISS: answer 2']);
    expect(provider.embedded).toEqual([capital]);
  });

  it('a caller who leaves meanwhile is told so, and nobody else asks for less', async () => {
    const { portkey, ask, provider } = setup();
    provider.embedding = 'silent';
    const leaving = new AbortController();
    const messages = [{ role: 'user' as const, content: capital }];
    const asked = portkey.chat.completions.create({ model: 'm', messages }, {}, { signal: leaving.signal });
    asked.catch(() => undefined);
    while (provider.embedded.length === 0) await settle();
    leaving.abort();
    await expect(asked).rejects.toMatchObject({ kind: 'aborted' });
    provider.embedding = 'vector';
    expect(await ask(capital)).toBe('SEMANTIC MISS: answer 1');
  });
});

describe('who makes the embeddings', () => {
  it('may be a fallback, and another config by its ID', async () => {
    const provider = meanings(degrees);
    const { model: _, ...target } = embedding;
    const broken = { ...target, custom_host: 'http://down.test/v1' };
    const makers: Config = {
      strategy: { mode: 'fallback' },
      override_params: { model: 'small' },
      targets: [broken, target],
    };
    const fetchOrFail: typeof fetch = (input, init) =>
      String(input).includes('down.test') ? Promise.reject(new TypeError('no route')) : provider.fetch(input, init);
    const portkey = new Portkey({
      environment: {},
      fetch: fetchOrFail,
      configs: { makers },
      config: { cache: { mode: 'semantic', embedding: { ref: 'makers' } }, ...answering },
    });
    const status = async (content: string) => {
      const reply = await portkey.chat.completions.create({ model: 'm', messages: [{ role: 'user', content }] });
      return reply.getHeaders()['cache-status'];
    };
    expect([await status(capital), await status(alike)]).toEqual(['SEMANTIC MISS', 'SEMANTIC HIT']);
  });

  it('a config that refers to itself for its embeddings is refused', () => {
    const loop: Config = { cache: { mode: 'semantic', embedding: { ref: 'loop' } }, ...answering };
    expect(() => new Portkey({ environment: {}, configs: { loop }, config: 'loop' })).toThrow(
      'The configs refer to each other in a circle: loop -> loop.',
    );
  });
});
