import { ConfigError, type JobSnapshot, memoryJobs, Portkey } from 'modelmux';
import { describe, expect, it } from 'vitest';
import { type Answer, fleet, settle, target } from '../support/fleet.ts';
import { manualClock } from '../support/manual-clock.ts';

const body = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] };

/** A client of one target, and its jobs on a manual clock. */
function setup(answer: Answer = 200, options: object = {}) {
  const made = fleet(target('a'), options);
  made.answers.a = answer;
  const { portkey, clock } = made;
  const submit = (params = {}, jobOptions = {}) => portkey.jobs.submit(body, params, jobOptions);
  /** Lets time pass until the job is done. */
  const done = async (id: string, stepMs = 100): Promise<JobSnapshot | undefined> => {
    for (let i = 0; i < 10_000; i++) {
      await settle();
      const job = await portkey.jobs.get(id);
      if (job?.status !== 'queued' && job?.status !== 'running') return job;
      clock.advance(stepMs);
    }
    throw new Error(`Job ${id} did not end.`);
  };
  return { ...made, submit, done };
}

describe('a job', () => {
  it('is queued at once, and has its result later', async () => {
    const { submit, portkey, done, log } = setup({ status: 200, afterMs: 500 });
    const { id, status, eta } = await submit();
    expect([status, eta, await portkey.jobs.get(id)]).toEqual(['queued', 5, { id, status: 'running' }]);
    const job = await done(id);
    expect(job).toMatchObject({ id, status: 'finished', result: { object: 'chat.completion', model: 'a' } });
    expect(log).toEqual(['a']);
  });

  it('may call another endpoint, with Portkey’s options', async () => {
    const asked: string[] = [];
    const portkey = new Portkey({
      environment: {},
      fetch: async (input) => {
        asked.push(String(input));
        return Response.json({ object: 'list', data: [{ index: 0, embedding: [1] }] });
      },
    });
    const params = { provider: 'openai', Authorization: 'k', traceID: 't-1' };
    const traces: string[] = [];
    portkey.on('request-end', ({ traceId }) => traces.push(traceId));
    const { id } = await portkey.jobs.submit({ model: 'e', input: 'text' }, params, { endpoint: 'embeddings' });
    await expect.poll(() => portkey.jobs.get(id)).toMatchObject({ status: 'finished', result: { object: 'list' } });
    expect([asked, traces]).toEqual([['https://api.openai.com/v1/embeddings'], ['t-1']]);
  });

  it('is not changed by what its caller does with the body later', async () => {
    const { portkey, done } = setup();
    const mine = structuredClone(body);
    const job = portkey.jobs.submit(mine);
    mine.messages.length = 0;
    expect(await done((await job).id)).toMatchObject({ status: 'finished', result: {} });
  });

  it('that nobody knows is undefined', async () => {
    const { portkey } = setup();
    expect([await portkey.jobs.get('x'), await portkey.jobs.cancel('x')]).toEqual([undefined, false]);
  });
});

describe('a job that is refused for want of room', () => {
  it('is tried again for as long as its deadline allows, as often as it takes', async () => {
    const { submit, done, answers, log, clock } = setup({ status: 429, headers: { 'retry-after': '20' } });
    const { id } = await submit();
    for (let i = 0; i < 50; i++) {
      await settle();
      clock.advance(20_000);
    }
    expect(log).toHaveLength(50);
    answers.a = 200;
    expect(await done(id)).toMatchObject({ status: 'finished', result: { model: 'a' } });
  });

  it('fails with the refusal when the next try would come too late', async () => {
    const { submit, done, log } = setup({ status: 429, headers: { 'retry-after': '20' } });
    const job = await done((await submit({}, { timeoutMs: 50_000 })).id);
    expect(job?.error).toMatchObject({ status: 429, kind: 'rate_limit', message: '429 failed' });
    expect(log).toHaveLength(3);
  });

  it('waits longer each time where nobody says for how long', async () => {
    const { submit, done, answers, log, clock } = setup(529);
    const { id } = await submit();
    const triedAt: number[] = [];
    const start = clock.now();
    while (triedAt.length < 6) {
      await settle();
      if (log.length > triedAt.length) triedAt.push(clock.now() - start);
      clock.advance(500);
    }
    // Chance is 0: half of 1, 2, 4, 8, 16 and again 16 seconds.
    expect(triedAt).toEqual([0, 500, 1500, 3500, 7500, 15_500]);
    answers.a = 200;
    expect(await done(id)).toMatchObject({ status: 'finished', result: {} });
  });

  it('is carried through our own limits as well', async () => {
    const made = fleet(target('a', { max_concurrency: 1 }));
    made.answers.a = { status: 200, afterMs: 100 };
    const { portkey, clock, log } = made;
    const ids = await Promise.all(Array.from({ length: 5 }, async () => (await portkey.jobs.submit(body)).id));
    const states = () => Promise.all(ids.map(async (id) => (await portkey.jobs.get(id))?.result !== undefined));
    for (let i = 0; i < 200 && !(await states()).every(Boolean); i++) {
      await settle();
      clock.advance(50);
    }
    expect([await states(), log.length]).toEqual([[true, true, true, true, true], 5]);
  });
});

describe('a job that fails', () => {
  it.each([500, 502, 408])('by a fault (%d) is tried three more times', async (status) => {
    const { submit, done, log } = setup(status);
    expect((await done((await submit()).id))?.error).toMatchObject({ status });
    expect(log).toHaveLength(4);
  });

  it.each([400, 401, 404, 422])('for good (%d) is not tried again', async (status) => {
    const { submit, done, log } = setup(status);
    expect((await done((await submit()).id))?.error).toMatchObject({ status, message: `${status} failed` });
    expect(log).toHaveLength(1);
  });

  it.each([
    [[500, 429, 500, 429, 500, 429, 200], 'finished well'],
    [[500, 429, 500, 429, 500, 429, 500], '500 failed'],
  ])('has three tries after faults, however often there was no room in between (%#)', async (steps, end) => {
    const { clock, done, portkey } = setup(200, {
      fetch: async () => {
        const status = steps.shift() ?? 200;
        return Response.json(status === 200 ? { choices: [] } : { error: { message: 'failed' } }, { status });
      },
    });
    const { id } = await portkey.jobs.submit(body);
    const job = await done(id);
    expect([job?.error?.message ?? 'finished well', steps, clock.pending]).toEqual([end, [], 0]);
  });

  it('by its deadline ends the call under way', async () => {
    const { submit, done, elapsed } = setup('silent');
    const job = await done((await submit({}, { timeoutMs: 3000 })).id);
    expect(job?.error).toEqual({
      message: 'The job was not done by its deadline.',
      kind: 'timeout',
      status: 408,
      type: 'timeout_error',
      code: 'job_deadline',
    });
    expect(elapsed()).toBe(3000);
  });
});

describe('many jobs', () => {
  it('a hundred at once go through a provider’s limit of ten per second, none is lost', async () => {
    const made = fleet(target('a'));
    const { portkey, clock, log } = made;
    const sentAt: number[] = [];
    // A strict provider: more than ten within any second are refused.
    const strict = {
      get status() {
        const now = clock.now();
        const recent = sentAt.filter((at) => at > now - 1000).length;
        if (recent >= 10) return 429;
        sentAt.push(now);
        return 200;
      },
      headers: { 'retry-after-ms': '1000' },
    };
    made.answers.a = strict;
    const ids = await Promise.all(Array.from({ length: 100 }, async () => (await portkey.jobs.submit(body)).id));
    expect(new Set(ids).size).toBe(100);
    const finished = async () => {
      const jobs = await Promise.all(ids.map((id) => portkey.jobs.get(id)));
      return jobs.filter((job) => job?.result !== undefined).length;
    };
    for (let i = 0; i < 1000 && (await finished()) < 100; i++) {
      await settle();
      clock.advance(100);
    }
    expect([await finished(), sentAt.length]).toEqual([100, 100]);
    expect(log.length).toBeGreaterThan(100);
  });

  it('run a bounded number at once, the most urgent first, equal ones in order', async () => {
    const order: string[] = [];
    let running = 0;
    let most = 0;
    const portkey = new Portkey({
      environment: {},
      config: { provider: 'openai', api_key: 'k' },
      jobs: memoryJobs({ concurrency: 2 }),
      fetch: async (_, init) => {
        order.push(JSON.parse(String(init?.body)).user);
        most = Math.max(most, ++running);
        await settle();
        running--;
        return Response.json({ object: 'chat.completion', choices: [], model: 'm' });
      },
    });
    const submit = (user: string, priority: number) => portkey.jobs.submit({ ...body, user }, {}, { priority });
    const jobs = [];
    for (const [user, priority] of [
      ['a5', 5],
      ['b5', 5],
      ['c5', 5],
      ['d0', 0],
      ['e9', 9],
      ['f0', 0],
      ['g5', 5],
    ] as const)
      jobs.push(submit(user, priority));
    const ids = (await Promise.all(jobs)).map(({ id }) => id);
    await expect.poll(async () => (await portkey.jobs.get(ids[4] ?? ''))?.status).toBe('finished');
    // The first two began before the others came.
    expect([order, most]).toEqual([['a5', 'b5', 'd0', 'f0', 'c5', 'g5', 'e9'], 2]);
  });

  it('that have begun and wait for a limit let more urgent ones pass, and calls too', async () => {
    const order: string[] = [];
    const clock = manualClock();
    const portkey = new Portkey({
      environment: {},
      clock,
      config: { provider: 'openai', api_key: 'k', rpm: 1, queue: { max_wait: 3600, aging: 0 } },
      fetch: async (_, init) => {
        order.push(JSON.parse(String(init?.body)).user);
        return Response.json({ object: 'chat.completion', choices: [], model: 'm' });
      },
    });
    const submit = (user: string, priority?: number, params = {}) =>
      portkey.jobs.submit({ ...body, user }, params, priority === undefined ? {} : { priority });
    await submit('first', 500);
    for (const [user, priority] of [
      ['c', 9],
      ['d', 9],
      ['b', 3],
    ] as const)
      await submit(user, priority);
    await submit('a', 9, { priority: 1 });
    await settle();
    const call = portkey.chat.completions.create({ ...body, user: 'call' });
    for (let minute = 0; minute < 6; minute++) {
      await settle();
      clock.advance(60_000);
    }
    await call;
    await expect.poll(() => order).toEqual(['first', 'call', 'a', 'b', 'c', 'd']);
  });

  it('beyond the bound are refused, and told when to come again', async () => {
    const { submit } = setup('silent', { jobs: memoryJobs({ maxWaiting: 2, concurrency: 1 }) });
    await submit();
    await submit();
    await expect(submit()).rejects.toMatchObject({
      name: 'JobQueueFullError',
      status: 429,
      code: 'job_queue_full',
      headers: { 'retry-after': '10' },
    });
  });

  it('say how long it will take, by how long it took', async () => {
    const made = fleet(target('a'), {});
    const { portkey, clock, answers } = made;
    answers.a = { status: 200, afterMs: 1000 };
    const etas = [];
    for (let i = 0; i < 60; i++) etas.push((await portkey.jobs.submit(body)).eta);
    expect([etas[0], etas[20], etas[59]]).toEqual([5, 10, 15]);
    for (let i = 0; i < 100; i++) {
      await settle();
      clock.advance(100);
    }
    expect((await portkey.jobs.submit(body)).eta).toBe(1);
  });
});

describe('a job taken back', () => {
  it('while it waits is never called', async () => {
    const { submit, portkey, log, answers, clock } = setup(429);
    const { id } = await submit();
    await settle();
    expect([await portkey.jobs.cancel(id), await portkey.jobs.cancel(id)]).toEqual([true, false]);
    expect(await portkey.jobs.get(id)).toEqual({
      id,
      status: 'finished',
      error: { message: 'The job was cancelled.', kind: 'aborted' },
    });
    answers.a = 200;
    clock.advance(60_000);
    await settle();
    expect([log.length, clock.pending]).toEqual([1, 0]);
  });

  it('while it runs ends its call', async () => {
    const { submit, portkey, log } = setup('silent');
    const ended: string[] = [];
    portkey.on('request-end', ({ outcome }) => ended.push(outcome.result));
    const { id } = await submit();
    while (log.length === 0) await settle();
    expect(await portkey.jobs.cancel(id)).toBe(true);
    await settle();
    expect(ended).toEqual(['aborted']);
  });

  it('by closing the queue', async () => {
    const { submit, portkey, clock } = setup('silent');
    const ids = [(await submit()).id, (await submit()).id];
    await portkey.jobs.close();
    await settle();
    expect((await portkey.jobs.get(ids[1] ?? ''))?.error?.message).toBe(
      'The queue was closed before the job was done.',
    );
    expect(clock.pending).toBe(0);
  });
});

describe('results', () => {
  it('are kept for an hour', async () => {
    const { submit, done, portkey, clock } = setup();
    const { id } = await submit();
    await done(id);
    clock.advance(3_599_999);
    expect((await portkey.jobs.get(id))?.status).toBe('finished');
    clock.advance(1);
    expect(await portkey.jobs.get(id)).toBeUndefined();
  });

  it('of the latest 10,000 jobs are kept', async () => {
    const { submit, portkey } = setup(200, { jobs: memoryJobs({ maxResults: 3 }) });
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      const { id } = await submit();
      ids.push(id);
      await expect.poll(() => portkey.jobs.get(id)).toMatchObject({ status: 'finished' });
    }
    const known = await Promise.all(ids.map(async (id) => (await portkey.jobs.get(id)) !== undefined));
    expect(known).toEqual([false, false, true, true, true]);
  });
});

it.each<[string, unknown, object, string]>([
  ['no body', undefined, {}, 'A job needs the body of a request, an object.'],
  ['a stream', { ...body, stream: true }, {}, 'The result of a job is a whole reply. Leave "stream" out.'],
  [
    'an endpoint without JSON',
    body,
    { endpoint: 'audio/speech' },
    'A job cannot call "audio/speech". Valid: chat/completions,',
  ],
  ['a priority that is none', body, { priority: -1 }, '"priority" is a whole number from 0 to 1000, not -1.'],
  ['no time', body, { timeoutMs: 0 }, '"timeoutMs" is a number of milliseconds above 0, not 0.'],
  ['an unknown option', body, { priorty: 1 }, 'Unknown job option "priorty". Did you mean "priority"?'],
])('refuses %s', async (_, given, options, message) => {
  const { portkey } = setup();
  await expect(portkey.jobs.submit(given as never, {}, options as never)).rejects.toThrow(message);
});

it('refuses a queue that is none, and one of two clients', async () => {
  expect(() => new Portkey({ jobs: {} as never })).toThrow(ConfigError);
  const jobs = memoryJobs();
  const [one, other] = [new Portkey({ jobs }), new Portkey({ jobs })];
  await one.jobs.get('x');
  await expect(other.jobs.get('x')).rejects.toThrow('This job queue belongs to another client already.');
});
