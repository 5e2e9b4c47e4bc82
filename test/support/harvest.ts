import { Portkey } from '../../src/portkey.ts';
import { createWaitingLine, type Ranked } from '../../src/routing/state/waiting-line.ts';
import { seeded } from './children-view.ts';
import type { ManualClock } from './manual-clock.ts';

/** A load on several keys of one provider, each of which carries so many calls in any second. */
export interface Harvest {
  readonly keys: number;
  readonly callsPerKey: number;
  /** Calls a second, one after the other at even distances or at random (Poisson). */
  readonly rate: number;
  readonly arrivals: 'paced' | 'poisson';
  readonly seconds: number;
  /** A call takes 0 to this long to reach the provider. */
  readonly jitterMs?: number;
  readonly safetyMargin?: number;
  /** Seconds a call may wait. */
  readonly maxWait?: number;
  /** This key is refused with 401. */
  readonly deadKey?: number;
  readonly seed?: number;
}

/** What came of it. */
export interface Harvested {
  /** Calls that reached the provider, by key. */
  readonly callsOfKey: readonly number[];
  /** Calls the provider refused because there were too many. */
  readonly refusedUpstream: number;
  /** Answers by what they were: `ok`, or the error's name. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** From call to departure, sorted. */
  readonly waitsMs: readonly number[];
}

/** Runs a load on a virtual clock, against a provider that holds every sliding second of each key to its limit. */
export async function harvest(load: Harvest): Promise<Harvested> {
  const { keys, callsPerKey, seconds, deadKey, jitterMs = 0, safetyMargin = 0, maxWait = 10, seed = 1 } = load;
  const clock = busyClock();
  const chance = seeded(seed);
  const upstream = strictProvider(callsPerKey);
  const callsOfKey = new Array<number>(keys).fill(0);
  const askedAt = new Map<string, number>();
  const waitsMs: number[] = [];
  let refusedUpstream = 0;
  const after = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
  const portkey = new Portkey({
    clock,
    random: chance,
    environment: {},
    config: {
      provider: 'openai',
      queue: { max_wait: maxWait, max_size: 100_000 },
      api_keys: Array.from({ length: keys }, (_, index) => ({
        key: `key-${index}`,
        rate_limit: { requests: callsPerKey, per: '1s', mode: 'queue', safety_margin: safetyMargin },
      })),
    },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const key = Number(/\d+$/.exec(request.headers.get('authorization') ?? '')?.[0]);
      const { user } = JSON.parse(String(init?.body ?? (await request.text())));
      waitsMs.push(clock.now() - (askedAt.get(user) ?? Number.NaN));
      if (jitterMs > 0) await after(chance() * jitterMs);
      callsOfKey[key] = (callsOfKey[key] ?? 0) + 1;
      if (key === deadKey) return Response.json({ error: { message: 'Incorrect API key' } }, { status: 401 });
      if (upstream.takes(key, clock.now())) return Response.json(completion);
      refusedUpstream++;
      return Response.json({ error: { message: 'Rate limit reached' } }, { status: 429 });
    },
  });
  await warmUp();
  const outcomes: Record<string, number> = {};
  let ended = 0;
  const note = (outcome: string) => {
    ended++;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  };
  const calls: Promise<void>[] = [];
  const start = clock.now();
  const arrivals = arrivalsOf(load, chance);
  for (let index = 0; index < arrivals.length || ended < calls.length; ) {
    while (index < arrivals.length && start + (arrivals[index] as number) <= clock.now()) {
      const user = String(index++);
      askedAt.set(user, clock.now());
      const call = portkey.chat.completions.create({ model: 'm', messages: [], user });
      calls.push(
        call.then(
          () => note('ok'),
          (error: Error) => note(error.name),
        ),
      );
    }
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(1);
    if (clock.now() - start > (seconds + 10 * maxWait) * 1000) throw new Error('The load never ends.');
  }
  await Promise.all(calls);
  return { callsOfKey, refusedUpstream, outcomes, waitsMs: waitsMs.toSorted((a, b) => a - b) };
}

/** What is loaded by the first call takes real time, in which the clock would go on. */
async function warmUp(): Promise<void> {
  const config = { provider: 'openai', api_key: 'k' };
  const other = new Portkey({ environment: {}, config, fetch: async () => Response.json(completion) });
  await other.chat.completions.create({ model: 'm', messages: [] });
}

/** Milliseconds from the start, whole. */
function arrivalsOf({ rate, arrivals, seconds }: Harvest, chance: () => number): readonly number[] {
  const times: number[] = [];
  const meanMs = 1000 / rate;
  if (arrivals === 'paced') {
    for (let i = 0; i < rate * seconds; i++) times.push(Math.round(i * meanMs));
    return times;
  }
  const gap = () => -Math.log(1 - chance()) * meanMs;
  for (let at = gap(); at < seconds * 1000; at += gap()) times.push(Math.round(at));
  return times;
}

/** A provider that lets a key through while the second that ends now holds fewer than `limit` of its calls. */
function strictProvider(limit: number) {
  const taken = new Map<number, number[]>();
  return {
    takes(key: number, now: number): boolean {
      const times = (taken.get(key) ?? []).filter((at) => at > now - 1000);
      taken.set(key, times);
      if (times.length >= limit) return false;
      times.push(now);
      return true;
    },
  };
}

const completion = {
  id: '1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
};

/** A manual clock for thousands of timers. */
function busyClock(): Pick<ManualClock, 'now' | 'after' | 'advance'> {
  const timers = createWaitingLine<Ranked & { readonly callback: () => void }>();
  let now = 1_000_000;
  let order = 0;
  return {
    now: () => now,
    after(ms, callback) {
      const timer = { rank: now + ms, order: order++, position: -1, callback };
      timers.add(timer);
      return () => void timers.remove(timer);
    },
    advance(ms) {
      const end = now + ms;
      for (let next = timers.first(); next !== undefined && next.rank <= end; next = timers.first()) {
        timers.remove(next);
        now = next.rank;
        next.callback();
      }
      now = end;
    },
  };
}
