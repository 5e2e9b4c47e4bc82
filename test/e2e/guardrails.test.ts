import { describe, expect, it } from 'vitest';
import {
  type Config,
  GuardrailError,
  type HookFunction,
  type HookResult,
  Portkey,
  type PortkeyEvents,
  type PortkeyOptions,
} from '../../src/index.ts';
import { manualClock } from '../support/manual-clock.ts';
import { errorOf, fallback, hello, helloStream, inShort, simulated, textOf } from '../support/simulated.ts';

const { client, target, behave, script, bodies, called } = simulated();

const noHello = { 'default.contains': { operator: 'none', words: ['Hello'] } };
const fewWords = { 'default.wordCount': { maxWords: 3 } };
const ask = (portkey: Portkey, body: object = {}, params: object = {}) =>
  portkey.chat.completions.create({ ...hello, ...body }, params);
const statusOf = async (portkey: Portkey) => (await ask(portkey).withResponse()).response.status;

/** The `guardrail` events of a client. */
function heard(portkey: Portkey): PortkeyEvents['guardrail'][] {
  const events: PortkeyEvents['guardrail'][] = [];
  portkey.on('guardrail', (event) => events.push(event));
  return events;
}

function verdicts(results: readonly HookResult[] | undefined): readonly string[] {
  return (results ?? []).map(({ id, verdict, skipped }) => `${id} ${skipped ? 'skipped' : verdict}`);
}

/** A client of one target, on a clock that stands still. */
function guarded(node: Config, options: PortkeyOptions = {}): Portkey {
  return client({ ...target('openai'), ...node }, { clock: manualClock(), ...options });
}

describe('input guardrails', () => {
  it('refuse with 446 before anything is sent', async () => {
    const portkey = guarded({ input_guardrails: [{ ...noHello, id: 'polite', deny: true }] });
    const error = await errorOf(ask(portkey), GuardrailError);
    expect(error).toMatchObject({
      status: 446,
      kind: 'guardrail',
      type: 'hooks_failed',
      stage: 'input',
      attempts: [],
      target: { path: 'config', provider: 'openai' },
      message: '446 config was not asked: the guardrail "polite" refused it by default.contains.',
    });
    expect(error.hook_results).toEqual({
      before_request_hooks: [
        {
          id: 'polite',
          type: 'guardrail',
          verdict: false,
          deny: true,
          async: false,
          skipped: false,
          transformed: false,
          checks: [
            {
              id: 'default.contains',
              verdict: false,
              data: {
                operator: 'none',
                foundWords: ['Hello'],
                missingWords: [],
                explanation: 'The text holds 1 of 1 words; none is asked for.',
              },
              error: null,
              transformed: false,
              skipped: false,
              execution_time: 0,
              created_at: '1970-01-01T00:16:40.000Z',
            },
          ],
          execution_time: 0,
          created_at: '1970-01-01T00:16:40.000Z',
        },
      ],
      after_request_hooks: [],
    });
    expect(called()).toEqual([]);
  });

  it('that do not refuse make the status 246 and say so in the reply', async () => {
    const { data, response } = await ask(guarded({ input_guardrails: [noHello] })).withResponse();
    expect([response.status, data.choices.length]).toEqual([246, 1]);
    expect(verdicts(data.hook_results?.before_request_hooks)).toEqual(['input_guardrails[0] false']);
  });

  it('that pass leave the status and are told of in the reply', async () => {
    const { data, response } = await ask(guarded({ input_guardrails: [fewWords] })).withResponse();
    expect([response.status, verdicts(data.hook_results?.before_request_hooks)]).toEqual([
      200,
      ['input_guardrails[0] true'],
    ]);
    expect(JSON.parse(await response.text()).hook_results.after_request_hooks).toEqual([]);
  });

  it('add nothing to replies in OpenAI’s strict format', async () => {
    const portkey = guarded({ input_guardrails: [noHello], strict_open_ai_compliance: true });
    const { data, response } = await ask(portkey).withResponse();
    expect([response.status, 'hook_results' in data]).toEqual([246, false]);
    expect(
      'hook_results' in (await ask(guarded({ input_guardrails: [noHello] }), {}, { strictOpenAiCompliance: true })),
    ).toBe(false);
  });

  it('see the body as the target will be asked, after override_params', async () => {
    const portkey = guarded({
      override_params: { model: 'gpt-4o-mini' },
      input_guardrails: [{ 'default.modelWhitelist': { models: ['gpt-4o-mini'] }, deny: true }],
    });
    expect((await ask(portkey)).model).toBe('gpt-4o-mini');
  });

  it('skip the rest after a refusal, and run mutators first', async () => {
    const portkey = guarded({
      input_guardrails: [fewWords, { ...noHello, deny: true }, { id: 'late', checks: [() => true] }],
      input_mutators: [{ 'default.addPrefix': { prefix: 'a b c d ' } }],
    });
    const { hook_results } = await errorOf(ask(portkey), GuardrailError);
    expect(verdicts(hook_results.before_request_hooks)).toEqual([
      'input_mutators[0] true',
      'input_guardrails[0] false',
      'input_guardrails[1] false',
      'late skipped',
    ]);
  });

  it('are no failure of the target, and take none of its room', async () => {
    const portkey = guarded({
      id: 'a',
      cooldown: { allowed_fails: 0, exempt_single: false },
      max_concurrency: 1,
      input_guardrails: [{ ...noHello, deny: true }],
    });
    for (let i = 0; i < 3; i++) await errorOf(ask(portkey), GuardrailError);
    expect(portkey.state()).toMatchObject([{ health: 'ready', fails: 0, inFlight: 0 }]);
  });
});

describe('output guardrails', () => {
  it('refuse a reply with 446; the attempt was none the worse', async () => {
    const portkey = guarded({
      cooldown: { allowed_fails: 0, exempt_single: false },
      input_guardrails: [{ ...fewWords, id: 'in' }],
      output_guardrails: [{ ...fewWords, id: 'out', deny: true }],
    });
    const error = await errorOf(ask(portkey), GuardrailError);
    expect([error.stage, inShort(error.attempts)]).toEqual(['output', ['$ openai success 200']]);
    expect(error.message).toBe(
      '446 config gave an answer that is not handed out: the guardrail "out" refused it by default.wordCount.',
    );
    expect([
      verdicts(error.hook_results.before_request_hooks),
      verdicts(error.hook_results.after_request_hooks),
    ]).toEqual([['in true'], ['out false']]);
    expect(portkey.state()).toMatchObject([{ health: 'ready', fails: 0 }]);
  });

  it('that do not refuse make the status 246', async () => {
    const { data, response } = await ask(guarded({ output_guardrails: [fewWords] })).withResponse();
    expect([response.status, verdicts(data.hook_results?.after_request_hooks)]).toEqual([
      246,
      ['output_guardrails[0] false'],
    ]);
  });

  it('check every choice', async () => {
    behave('openai', { text: 'one two' });
    const seen: unknown[] = [];
    const portkey = guarded({ output_guardrails: [({ texts }) => seen.push(texts) > 0] });
    await ask(portkey, { n: 2 });
    expect(seen).toEqual([['one two', 'one two']]);
  });
});

describe('mutators', () => {
  it('change what is sent and what comes back', async () => {
    behave('openai', { text: 'write to c@d.example' });
    const redact = { 'default.regexReplace': { rule: '[\\w.]+@[\\w.]+\\w', redactText: '***' } };
    const portkey = guarded({ input_mutators: [redact], output_mutators: [redact] });
    const earlier = [
      { role: 'user' as const, content: 'I am a@b.example' },
      { role: 'assistant' as const, content: 'Hi.' },
    ];
    const reply = await ask(portkey, { messages: [...earlier, { role: 'user', content: 'who?' }] });
    expect(reply.choices[0]?.message.content).toBe('write to ***');
    expect(bodies()[0]?.messages).toEqual([
      { ...earlier[0], content: 'I am ***' },
      earlier[1],
      { role: 'user', content: 'who?' },
    ]);
    expect(reply.hook_results?.before_request_hooks[0]).toMatchObject({
      type: 'mutator',
      transformed: true,
      verdict: true,
    });
  });

  it('leave the caller’s own body as it is', async () => {
    const body = { ...hello, messages: [{ role: 'user' as const, content: 'Hello' }] };
    const before = structuredClone(body);
    const portkey = guarded({ input_mutators: [{ 'default.regexReplace': { rule: 'Hello' } }] });
    await portkey.chat.completions.create(body);
    expect([body, bodies()[0]?.messages]).toEqual([before, [{ role: 'user', content: '[REDACTED]' }]]);
  });

  it('written in code get the body and give another one', async () => {
    const shout: HookFunction = ({ request }) => ({ request: { ...request, user: 'u-1', temperature: 0 } });
    const sign: HookFunction = async ({ reply }) => ({ reply: { ...reply, system_fingerprint: 'signed' } });
    const portkey = guarded({
      override_params: { temperature: 1 },
      input_mutators: [shout],
      after_request_hooks: [sign],
    });
    expect((await ask(portkey)).system_fingerprint).toBe('signed');
    expect(bodies()[0]).toMatchObject({ user: 'u-1', temperature: 1 });
  });
});

describe('a fallback', () => {
  const onlyB = (strategy: object, guardrail: object = { deny: true }) =>
    client(
      fallback([target('openai', { input_guardrails: [{ ...noHello, ...guardrail }] }), target('groq')], strategy),
    );

  it.each<[string, object]>([
    ['any failure', {}],
    ['the error "guardrail"', { on_errors: ['guardrail'] }],
    ['the error "any"', { on_errors: ['any'] }],
    ['status 446', { on_status_codes: [446] }],
  ])('goes on after a refusal by %s', async (_, strategy) => {
    expect((await ask(onlyB(strategy))).getHeaders().provider).toBe('groq');
    expect(called()).toEqual(['groq']);
  });

  it.each<[string, object]>([
    ['another error', { on_errors: ['rate_limit'] }],
    ['another status', { on_status_codes: [429] }],
  ])('does not go on by %s', async (_, strategy) => {
    await errorOf(ask(onlyB(strategy)), GuardrailError);
    expect(called()).toEqual([]);
  });

  it('goes on after a failure without refusal where status 246 is listed', async () => {
    const listed = onlyB({ on_status_codes: [246] }, {});
    expect((await ask(listed)).getHeaders().provider).toBe('groq');
    const stream = await listed.chat.completions.create(helloStream);
    expect([stream.getHeaders().provider, (await textOf(stream)).length > 0]).toEqual(['groq', true]);
    expect((await ask(onlyB({}, {}))).getHeaders().provider).toBe('openai');
    expect(listed.state().map(({ inFlight }) => inFlight)).toEqual([0, 0]);
  });

  it('hands out the last reply with its 246 when all failed without refusing', async () => {
    const node = { input_guardrails: [noHello] };
    const portkey = client(fallback([target('openai'), target('groq')], { on_status_codes: [246] }, node));
    const { data, response } = await ask(portkey).withResponse();
    expect([response.status, data.getHeaders().provider, called()]).toEqual([246, 'groq', ['openai', 'groq']]);
  });

  it('goes on when a reply is refused, also of a stream that is held back', async () => {
    behave('openai', { text: 'this answer is much too long' });
    behave('groq', { text: 'short' });
    const node = { output_guardrails: [{ ...fewWords, deny: true }] };
    const portkey = client(fallback([target('openai'), target('groq')], {}, node));
    expect((await ask(portkey)).choices[0]?.message.content).toBe('short');
    expect(await textOf(await portkey.chat.completions.create(helloStream))).toBe('short');
    expect(called()).toEqual(['openai', 'groq', 'openai', 'groq']);
  });

  it('asks a check once for all targets that inherit it, and again where the body differs', async () => {
    const seen: unknown[] = [];
    const note: HookFunction = ({ request }) => seen.push(request.model) > 0;
    const failing = (name: string, more: Record<string, unknown> = {}) => {
      behave(name, { outage: true });
      return target(name, more);
    };
    const targets = [
      failing('openai'),
      failing('groq'),
      failing('x-ai', { override_params: { model: 'grok' } }),
      target('deepseek'),
    ];
    await ask(
      client(fallback(targets, {}, { input_guardrails: [note], retry: { attempts: 1 } }), { clock: immediate() }),
    );
    expect(called()).toHaveLength(7);
    expect(seen).toEqual(['gpt-4o', 'grok']);
  });
});

/** Waits take no time. */
function immediate() {
  const clock = manualClock();
  return {
    now: clock.now,
    after: (_ms: number, callback: () => void) => {
      const timer = setImmediate(callback);
      return () => clearImmediate(timer);
    },
  };
}

describe('a retry', () => {
  it('never asks again for what was refused before sending', async () => {
    const node = { retry: { attempts: 3, on_status_codes: [446] }, input_guardrails: [{ ...noHello, deny: true }] };
    await errorOf(ask(guarded(node)), GuardrailError);
    expect(called()).toEqual([]);
  });

  it.each<[string, Config]>([
    [
      'status 446',
      { retry: { attempts: 3, on_status_codes: [446] }, output_guardrails: [{ ...fewWords, deny: true }] },
    ],
    ['status 246', { retry: { attempts: 3, on_status_codes: [246] }, output_guardrails: [fewWords] }],
    [
      'per_error',
      { retry: { attempts: 0, per_error: { guardrail: 2 } }, output_guardrails: [{ ...fewWords, deny: true }] },
    ],
  ])('asks again at once for a reply that failed, by %s', async (_, node) => {
    script('openai', [{ text: 'this is too long' }, { text: 'so is this one here' }, { text: 'short' }]);
    const clock = manualClock();
    const reply = await ask(guarded(node, { clock }));
    expect([reply.choices[0]?.message.content, reply.getHeaders()['retry-attempt-count'], clock.now()]).toEqual([
      'short',
      '2',
      1_000_000,
    ]);
  });

  it('leaves a refusal alone where nobody lists it', async () => {
    const node = { retry: { attempts: 3 }, output_guardrails: [{ ...fewWords, deny: true }] };
    await errorOf(ask(guarded(node)), GuardrailError);
    expect(called()).toEqual(['openai']);
  });
});

describe('a stream', () => {
  const read = async (portkey: Portkey) => {
    const stream = await portkey.chat.completions.create(helloStream);
    const chunks: Record<string, unknown>[] = [];
    for await (const chunk of stream) chunks.push({ ...chunk });
    return chunks;
  };

  it('is refused before it begins by an input guardrail', async () => {
    const portkey = guarded({ input_guardrails: [{ ...noHello, deny: true }] });
    await errorOf(portkey.chat.completions.create(helloStream), GuardrailError);
    expect(called()).toEqual([]);
  });

  it('carries on its first chunk what input guardrails said', async () => {
    const { data, response } = await guarded({ input_guardrails: [noHello] })
      .chat.completions.create(helloStream)
      .withResponse();
    expect(response.status).toBe(246);
    const chunks: { hook_results?: { before_request_hooks: HookResult[] } }[] = [];
    for await (const chunk of data) chunks.push(chunk as never);
    expect(verdicts(chunks[0]?.hook_results?.before_request_hooks)).toEqual(['input_guardrails[0] false']);
    expect(chunks.slice(1).some((chunk) => 'hook_results' in chunk)).toBe(false);
  });

  it('held back is handed out chunk by chunk once it has passed', async () => {
    const plain = await read(guarded({}));
    const [told, ...chunks] = (
      await read(guarded({ output_guardrails: [{ 'default.notNull': {}, deny: true }] }))
    ).reverse();
    const same = (chunk: Record<string, unknown>) => ({ ...chunk, id: '' });
    expect(chunks.reverse().map(same)).toEqual(plain.map(same));
    expect(told).toMatchObject({
      object: 'chat.completion.chunk',
      choices: [],
      hook_results: { after_request_hooks: [{ verdict: true }] },
    });
  });

  it('held back is refused before the reader has anything', async () => {
    const portkey = guarded({ id: 'a', output_guardrails: [{ ...fewWords, deny: true }] });
    const error = await errorOf(portkey.chat.completions.create(helloStream), GuardrailError);
    expect([error.stage, error.received, portkey.state()[0]?.inFlight]).toEqual(['output', undefined, 0]);
  });

  it('held back has changed texts', async () => {
    behave('openai', { text: 'my card is 1234-5678, really' });
    const portkey = guarded({
      output_mutators: [{ 'default.regexReplace': { rule: '\\d{4}-\\d{4}', redactText: 'XXXX' } }],
    });
    expect(await textOf(await portkey.chat.completions.create(helloStream))).toBe('my card is XXXX, really');
  });

  it('held back may have its texts, but nothing else, changed in code', async () => {
    behave('openai', { text: 'quiet' });
    const shout: HookFunction = ({ reply, texts }) => ({
      reply: JSON.parse(JSON.stringify(reply).replace(texts[0] ?? '', 'LOUD')),
    });
    const add: HookFunction = ({ reply }) => ({ reply: { ...reply, more: true } });
    expect(await textOf(await guarded({}, { afterRequest: shout }).chat.completions.create(helloStream))).toBe('LOUD');
    const error = await errorOf(
      guarded({}, { afterRequest: add }).chat.completions.create(helloStream),
      GuardrailError,
    );
    expect(error.hook_results.after_request_hooks[0]?.checks[0]?.error?.message).toBe(
      'Of a stream only the texts can be changed.',
    );
  });

  it('checked at its end flows, and ends with a chunk that tells', async () => {
    const chunks = await read(guarded({ output_guardrails: [fewWords] }));
    expect(chunks.length).toBeGreaterThan(5);
    expect(chunks.at(-1)).toMatchObject({ choices: [], hook_results: { after_request_hooks: [{ verdict: false }] } });
    expect(await read(guarded({ output_guardrails: [fewWords], strict_open_ai_compliance: true }))).toHaveLength(
      chunks.length - 1,
    );
  });

  it('checked at its end ends with the refusal, and what was received', async () => {
    behave('openai', { text: 'one two three four' });
    const portkey = guarded({
      id: 'a',
      cooldown: { allowed_fails: 0, exempt_single: false },
      output_guardrails: [{ ...fewWords, deny: true, stream: 'end' }],
    });
    const ends: PortkeyEvents['request-end'][] = [];
    portkey.on('request-end', (event) => ends.push(event));
    const stream = await portkey.chat.completions.create(helloStream);
    const error = await errorOf(textOf(stream), GuardrailError);
    expect(error.received).toMatchObject({ content: 'one two three four' });
    expect([
      ends.length,
      ends[0]?.outcome.result,
      ends[0]?.outcome.error === error,
      portkey.state()[0]?.health,
    ]).toEqual([1, 'failure', true, 'ready']);
  });

  it('that breaks while it is held back leads to the next target', async () => {
    behave('openai', { cutAfterChunks: 4, noDone: true });
    const node = { output_guardrails: [{ 'default.notNull': {}, deny: true }] };
    const portkey = client(fallback([target('openai'), target('groq')], {}, node));
    const stream = await portkey.chat.completions.create(helloStream);
    expect([stream.getHeaders().provider, (await textOf(stream)).length > 0]).toEqual(['groq', true]);
  });

  it.each<[string, object]>([
    ['held back', { stream: 'hold' }],
    ['checked at its end', { stream: 'end' }],
  ])('%s and left early settles once', async (_, how) => {
    const portkey = guarded({ id: 'a', output_guardrails: [{ 'default.notNull': {}, ...how }] });
    const ends: string[] = [];
    portkey.on('request-end', ({ outcome }) => ends.push(outcome.result));
    for await (const _chunk of await portkey.chat.completions.create(helloStream)) break;
    // How it ended depends on whether its last chunk had come before the caller left.
    await expect.poll(() => [ends.length, portkey.state()[0]?.inFlight]).toEqual([1, 0]);
  });

  it('held back ends at once when its caller leaves', async () => {
    behave('openai', { stallAfterChunks: 3 });
    const portkey = guarded({ id: 'a', output_guardrails: [{ 'default.notNull': {}, deny: true }] });
    const controller = new AbortController();
    const asked = portkey.chat.completions.create(helloStream, {}, { signal: controller.signal });
    setTimeout(() => controller.abort(), 30);
    await expect(asked).rejects.toMatchObject({ kind: 'aborted' });
    expect(portkey.state()[0]?.inFlight).toBe(0);
  });

  it('that fails at its end is not kept by a cache, nor is a reply of status 246', async () => {
    const portkey = guarded({ cache: { mode: 'simple' }, output_guardrails: [fewWords] }, { clock: manualClock() });
    const status = async (stream: boolean) => {
      const reply = await portkey.chat.completions.create({ ...hello, stream } as typeof hello);
      if (stream) await textOf(reply as never);
      return reply.getHeaders()['cache-status'];
    };
    expect([await status(false), await status(false), await status(true), await status(true)]).toEqual([
      'MISS',
      'MISS',
      'MISS',
      'MISS',
    ]);
  });
});

describe('every endpoint with texts', () => {
  const node = {
    input_guardrails: [{ ...noHello, deny: true }],
    output_guardrails: [{ ...fewWords, id: 'out', deny: true }],
  };
  const asking: readonly [string, (portkey: Portkey, text: string, stream?: true) => PromiseLike<unknown>][] = [
    [
      'chat',
      (portkey, content, stream) =>
        portkey.chat.completions.create({
          model: 'm',
          messages: [{ role: 'user', content }],
          ...(stream && { stream }),
        }),
    ],
    [
      'completions',
      (portkey, prompt, stream) => portkey.completions.create({ model: 'm', prompt, ...(stream && { stream }) }),
    ],
    [
      'responses',
      (portkey, input, stream) => portkey.responses.create({ model: 'm', input, ...(stream && { stream }) }),
    ],
    [
      'messages',
      (portkey, content, stream) =>
        portkey.messages.create({
          model: 'm',
          max_tokens: 9,
          messages: [{ role: 'user', content }],
          ...(stream && { stream }),
        }),
    ],
  ];
  it.each(asking)('%s: input and output are checked, streams too', async (_, create) => {
    const portkey = guarded(node);
    expect((await errorOf(create(portkey, 'Hello'), GuardrailError)).stage).toBe('input');
    expect((await errorOf(create(portkey, 'echo:one two three four'), GuardrailError)).stage).toBe('output');
    expect((await errorOf(create(portkey, 'echo:one two three four', true), GuardrailError)).stage).toBe('output');
    expect(await create(portkey, 'echo:one two')).toMatchObject({
      hook_results: { after_request_hooks: [{ verdict: true }] },
    });
    const events: object[] = [];
    for await (const event of (await create(portkey, 'echo:one two', true)) as AsyncIterable<object>)
      events.push(event);
    expect(events.at(-1)).toMatchObject({ hook_results: { after_request_hooks: [{ verdict: true, skipped: false }] } });
  });

  it('embeddings: the input is checked, and there is no text to check in the reply', async () => {
    const portkey = guarded(node);
    expect(
      (await errorOf(portkey.embeddings.create({ model: 'm', input: ['a', 'Hello'] }), GuardrailError)).stage,
    ).toBe('input');
    const reply = await portkey.embeddings.create({ model: 'm', input: 'one two three four' });
    expect(verdicts(reply.hook_results?.after_request_hooks)).toEqual(['out skipped']);
  });

  it('others: what is asked is checked, whatever it is', async () => {
    const portkey = guarded({
      input_guardrails: [{ 'default.allowedRequestTypes': { allowedTypes: ['chatComplete'] }, deny: true }],
    });
    await ask(portkey);
    await errorOf(portkey.images.generate({ prompt: 'a cat' }), GuardrailError);
    await errorOf(portkey.audio.speech.create({ model: 'm', voice: 'alloy', input: 'x' }), GuardrailError);
    expect(called()).toEqual(['openai']);
  });
});

describe('functions', () => {
  it('are told what is asked, by whom, and where', async () => {
    const given: unknown[] = [];
    const note: HookFunction = ({ signal, request, reply, ...rest }) => {
      given.push({ ...rest, aborted: signal.aborted, model: request.model, answered: reply?.object });
      return true;
    };
    const portkey = client(fallback([target('openai')], {}, { input_guardrails: [note], output_guardrails: [note] }));
    behave('openai', { text: 'Hi.' });
    await ask(portkey, {}, { metadata: { team: 'a' }, traceID: 't-1' });
    const common = {
      endpoint: 'chat/completions',
      metadata: { team: 'a' },
      path: 'config.targets[0]',
      traceId: 't-1',
      requestId: expect.any(String),
      aborted: false,
      model: 'gpt-4o',
    };
    expect(given).toEqual([
      { ...common, stage: 'input', texts: ['Hello'], answered: undefined },
      { ...common, stage: 'output', texts: ['Hi.'], answered: 'chat.completion' },
    ]);
  });

  it.each<[string, HookFunction, string]>([
    ['false', () => false, 'refuses'],
    ['a promise of false', async () => false, 'refuses'],
    ['true', () => true, 'passes'],
    ['a verdict', () => ({ verdict: true, data: { score: 1 } }), 'passes'],
    ['no verdict', () => ({ data: 1 }), 'passes'],
    ['nothing', () => undefined, 'The function returned nothing.'],
    ['null', () => null as never, 'The function returned neither true nor false nor an object.'],
    [
      'a misspelt verdict',
      () => ({ verdit: false }) as never,
      'The function returned an unknown member "verdit". Known: verdict, data, request, reply.',
    ],
    [
      'a verdict that is none',
      () => ({ verdict: 'no' }) as never,
      'The verdict that the function returned is neither true nor false.',
    ],
    ['a reply too early', () => ({ reply: {} }), 'The function returned a reply before there is one.'],
    ['a body that is none', () => ({ request: [] as never }), 'The body that the function returned is no object.'],
    [
      'an exception',
      () => {
        throw new Error('boom');
      },
      'boom',
    ],
    ['a rejection', () => Promise.reject(new Error('later')), 'later'],
  ])('that return %s: %s', async (_, check, expected) => {
    const outcome = await ask(guarded({ input_guardrails: [check] })).then(
      () => 'passes',
      (error: GuardrailError) => error.hook_results.before_request_hooks[0]?.checks[0]?.error?.message ?? 'refuses',
    );
    expect(outcome).toBe(expected);
  });

  it('of a client’s options run for every config, in front of its own, and may say nothing', async () => {
    const order: string[] = [];
    const portkey = guarded(
      { input_guardrails: [() => order.push('own') > 0], output_guardrails: [() => order.push('own output') > 0] },
      {
        beforeRequest: [
          ({ request }) => {
            order.push('before');
            return { request: { ...request, user: 'u' } };
          },
          () => {
            order.push('second');
            return undefined;
          },
        ],
        afterRequest: () => {
          order.push('after');
          return undefined;
        },
        defaultInputGuardrails: [() => order.push('default') > 0],
      },
    );
    await ask(portkey);
    await ask(portkey, {}, { config: target('groq') });
    expect(order).toEqual([
      'before',
      'second',
      'default',
      'own',
      'after',
      'own output',
      'before',
      'second',
      'default',
      'after',
    ]);
    expect(bodies('groq')[0]).toMatchObject({ user: 'u' });
  });

  it('of a client’s options may refuse', async () => {
    const portkey = guarded(
      {},
      {
        beforeRequest: function noSecrets() {
          return false;
        },
      },
    );
    const error = await errorOf(ask(portkey), GuardrailError);
    expect(error.message).toBe('446 config was not asked: the mutator "noSecrets" refused it by noSecrets.');
  });
});

describe('a check that cannot be made', () => {
  const broken: HookFunction = () => Promise.reject(new Error('the judge is ill'));
  it.each<[string, object, number | 'refused']>([
    ['refuses where it would', { deny: true }, 'refused'],
    ['counts as failed', {}, 246],
    ['counts as passed with on_error "allow"', { deny: true, on_error: 'allow' }, 200],
  ])('%s', async (_, options, expected) => {
    const portkey = guarded({ input_guardrails: [{ id: 'judge', checks: [broken], ...options }] });
    const events = heard(portkey);
    const outcome = await statusOf(portkey).catch((error: GuardrailError) => {
      expect(error.message).toBe(
        '446 config was not asked: the guardrail "judge" refused it by broken, which could not be made.',
      );
      return 'refused';
    });
    expect([outcome, events[0]?.checks]).toEqual([
      expected,
      [{ id: 'broken', verdict: expected === 200, failed: true }],
    ]);
  });

  it('for want of time ends when its time is over, and its signal aborts', async () => {
    const clock = manualClock();
    let aborted = false;
    const slow: HookFunction = ({ signal }) =>
      new Promise(() => signal.addEventListener('abort', () => (aborted = true)));
    const portkey = guarded({ input_guardrails: [{ checks: [slow], deny: true, timeout: 50 }] }, { clock });
    const asked = errorOf(ask(portkey), GuardrailError);
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(49);
    expect(aborted).toBe(false);
    clock.advance(1);
    const { hook_results } = await asked;
    expect([aborted, clock.pending, hook_results.before_request_hooks[0]?.checks[0]]).toMatchObject([
      true,
      0,
      { error: { name: 'TimeoutError', message: 'There was no answer within 50 ms.' }, execution_time: 50 },
    ]);
  });

  it('waits for nobody who has left', async () => {
    const clock = manualClock();
    const controller = new AbortController();
    const portkey = guarded({ input_guardrails: [() => new Promise<boolean>(() => undefined)] }, { clock });
    const asked = portkey.chat.completions.create(hello, {}, { signal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(asked).rejects.toMatchObject({ kind: 'aborted' });
    expect([called(), clock.pending]).toEqual([[], 0]);
  });
});

describe('async guardrails', () => {
  it('delay nothing, refuse nothing, and tell by an event', async () => {
    const judged = Promise.withResolvers<boolean>();
    const portkey = guarded({
      input_guardrails: [
        {
          id: 'slow',
          checks: [() => judged.promise],
          async: true,
          on_fail: { feedback: { value: -1, weight: 0.5, metadata: { by: 'judge' } } },
        },
      ],
      output_guardrails: [{ ...fewWords, id: 'out', async: true }],
    });
    const events = heard(portkey);
    const { data, response } = await ask(portkey).withResponse();
    expect([response.status, data.hook_results]).toEqual([200, undefined]);
    expect(events.map(({ id }) => id)).toEqual(['out']);
    judged.resolve(false);
    await new Promise((resolve) => setImmediate(resolve));
    expect(events[1]).toMatchObject({
      id: 'slow',
      verdict: false,
      denied: false,
      async: true,
      feedback: {
        value: -1,
        weight: 0.5,
        metadata: { by: 'judge', successfulChecks: '', failedChecks: 'checks[0]', erroredChecks: '' },
      },
    });
  });

  it('on a stream look at what was read, and add nothing to it', async () => {
    behave('openai', { text: 'one two three four' });
    const portkey = guarded({ output_guardrails: [{ ...fewWords, async: true }] });
    const events = heard(portkey);
    const stream = await portkey.chat.completions.create(helloStream);
    const chunks: object[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    await new Promise((resolve) => setImmediate(resolve));
    expect([chunks.some((chunk) => 'hook_results' in chunk), events.map(({ verdict }) => verdict)]).toEqual([
      false,
      [false],
    ]);
  });

  it('that break harm nobody', async () => {
    const portkey = guarded({ input_guardrails: [{ checks: [() => Promise.reject(new Error('x'))], async: true }] });
    const events = heard(portkey);
    expect(await statusOf(portkey)).toBe(200);
    expect(events).toMatchObject([{ verdict: false, checks: [{ failed: true }] }]);
  });
});

describe('events', () => {
  it('tell verdicts, and nothing of what was looked at', async () => {
    behave('openai', { text: 'private answer' });
    const portkey = guarded({
      api_key: 'sk-private',
      input_guardrails: [
        { 'default.regexMatch': { rule: 'private', not: true } },
        { id: 'said', checks: [({ texts }) => ({ verdict: true, data: texts })] },
      ],
      output_guardrails: [{ 'default.contains': { words: ['absent'] }, deny: true }],
    });
    const told: unknown[] = [];
    for (const name of ['guardrail', 'request-start', 'request-end', 'attempt-start', 'attempt-end'] as const)
      portkey.on(name, (event) => told.push(name === 'guardrail' ? event : { ...event, outcome: undefined }));
    await errorOf(
      ask(portkey, { messages: [{ role: 'user', content: 'private question' }] }, { traceID: 't-9' }),
      GuardrailError,
    );
    expect(JSON.stringify(told)).not.toContain('private');
    expect(told.filter((event) => 'stage' in (event as object))).toMatchObject([
      { traceId: 't-9', path: 'config', stage: 'input', id: 'input_guardrails[0]', verdict: false, denied: false },
      { stage: 'input', id: 'said', verdict: true },
      { stage: 'output', id: 'output_guardrails[0]', verdict: false, denied: true, durationMs: 0 },
    ]);
  });
});

describe('inheritance', () => {
  const named = (id: string) => ({ id, checks: [() => true] });
  it.each<[string, Config, Config, readonly string[]]>([
    ['what stands above', { input_guardrails: [named('above')] }, {}, ['above']],
    [
      'its own in place of what stands above',
      { input_guardrails: [named('above')] },
      { input_guardrails: [named('own')] },
      ['own'],
    ],
    [
      'its own whichever list they stand in',
      { input_guardrails: [named('above')] },
      { before_request_hooks: [named('own')] },
      ['own'],
    ],
    ['nothing by an empty list', { input_guardrails: [named('above')] }, { input_guardrails: [] }, []],
    [
      'those above of the other side',
      { output_guardrails: [named('above')] },
      { input_guardrails: [named('own')] },
      ['own', 'above'],
    ],
    [
      'the defaults whatever it says',
      { default_input_guardrails: [named('default')], input_guardrails: [named('above')] },
      { input_guardrails: [named('own')] },
      ['default', 'own'],
    ],
    [
      'defaults before what stands above',
      { default_output_guardrails: [named('default')], output_guardrails: [named('above')] },
      {},
      ['default', 'above'],
    ],
  ])('a target has %s', async (_, above, own, ids) => {
    const portkey = client(fallback([target('openai', own as Record<string, unknown>)], {}, above));
    const { hook_results } = await ask(portkey);
    const { before_request_hooks = [], after_request_hooks = [] } = hook_results ?? {};
    expect([...before_request_hooks, ...after_request_hooks].map(({ id }) => id)).toEqual(ids);
  });
});

it('a refusal by a gateway is the same error', async () => {
  const results = (verdict: boolean) => [{ id: 'pg-1', verdict, deny: true, checks: [] }];
  for (const [before, after, stage] of [
    [false, true, 'input'],
    [true, false, 'output'],
  ] as const) {
    const hook_results = { before_request_hooks: results(before), after_request_hooks: results(after) };
    const portkey = new Portkey({
      baseURL: 'http://gateway.test/v1',
      fetch: async () =>
        Response.json(
          { error: { message: 'Refused.', type: 'hooks_failed', param: null, code: null }, hook_results },
          { status: 446 },
        ),
    });
    expect(await errorOf(ask(portkey), GuardrailError)).toMatchObject({
      message: '446 Refused.',
      kind: 'guardrail',
      stage,
      hook_results,
    });
  }
});
