import { describe, expect, it } from 'vitest';
import type { Correction, SharedClaim } from '../../../../src/core/shared-state.ts';
import { createSharedLink } from '../../../../src/routing/middleware/shared/link.ts';
import { testRuntime } from '../../../support/engine.ts';
import { settle } from '../../../support/fleet.ts';
import { scriptedState } from '../../../support/scripted-state.ts';

const tokens: SharedClaim = { kind: 'window', key: 't tokens', amount: 100, limit: 1000, windowMs: 60_000 };
const money: SharedClaim = { kind: 'total', key: 't 2024-05', amount: 500, limit: 10_000, endsInMs: 3_600_000 };
const place: SharedClaim = { kind: 'lease', key: 't places', limit: 2 };

function linked() {
  const state = scriptedState();
  const { runtime, clock, events } = testRuntime();
  const warnings: string[] = [];
  const opened: [string, number][] = [];
  const start = clock.now();
  events.on('warning', ({ code, message }) => warnings.push(`${code}: ${message}`));
  const link = createSharedLink(state, runtime, (id, until) => opened.push([id, until - start]));
  const corrections = () => state.messages.flatMap((message) => message.corrections);
  return {
    state,
    clock,
    link,
    warnings,
    opened,
    corrections,
    elapsed: () => clock.now() - start,
    /** Lets time pass in steps of a millisecond, with all that happens meanwhile. */
    async pass(ms: number) {
      for (let i = 0; i < ms; i++) {
        clock.advance(1);
        await settle();
      }
    },
  };
}

/** The hold of a verdict that has one. */
function holdOf(verdict: Awaited<ReturnType<ReturnType<typeof linked>['link']['reserve']>>) {
  if (verdict.kind === 'refused') throw new Error('Refused.');
  return verdict.hold;
}

describe('while the shared state answers', () => {
  it('one request is one message', async () => {
    const { link, state } = linked();
    const verdict = await link.reserve([[tokens, place]]);
    expect([verdict.kind, state.messages.length]).toEqual(['taken', 1]);
    expect(state.messages[0]).toMatchObject({
      candidates: [[tokens, place]],
      corrections: [],
      batch: 0,
      leaseMs: 30_000,
    });
  });

  it('tells which candidate was taken', async () => {
    const { link, state } = linked();
    state.behave({ taken: 1, shortages: [{ key: 't tokens', waitMs: 40 }] });
    expect(await link.reserve([[tokens], [money]])).toMatchObject({ kind: 'taken', index: 1 });
  });

  it('remembers what did not fit until it is worth asking again: a second at most, for places sooner', async () => {
    const { link, state, clock } = linked();
    expect(link.shortages.isAny).toBe(false);
    const shortages = [
      { key: 'short', waitMs: 300 },
      { key: 'long', waitMs: 40_000 },
      { key: 'places', waitMs: Number.POSITIVE_INFINITY },
    ];
    state.behave({ taken: undefined, shortages });
    expect(await link.reserve([[tokens], [place]])).toEqual({ kind: 'refused' });
    const now = clock.now();
    const known = (key: string) => [link.shortages.askAgainAt(key) - now, link.shortages.readyAt(key) - now];
    expect([link.shortages.isAny, known('short'), known('long'), known('places')]).toEqual([
      true,
      [300, 300],
      [1000, 40_000],
      [50, 50],
    ]);
    expect(link.shortages.askAgainAt('other')).toBe(0);
    clock.advance(1000);
    expect(link.shortages.isAny).toBe(false);
  });

  it('tells what was really used 10 ms after the end, and gives places back', async () => {
    const { link, corrections, pass, state } = linked();
    holdOf(await link.reserve([[tokens, money, place]])).end([30, 700, undefined]);
    await pass(9);
    expect(corrections()).toEqual([]);
    await pass(1);
    const [{ lease = '' } = {}] = state.messages;
    expect(corrections()).toEqual([
      { kind: 'add', claim: { ...tokens, amount: -70 }, takenAt: 5000 },
      { kind: 'add', claim: { ...money, amount: 200 }, takenAt: 5000 },
      { kind: 'release', key: 't places', lease },
    ] satisfies Correction[]);
  });

  it('says nothing when what was reserved stands', async () => {
    const { link, pass, state } = linked();
    holdOf(await link.reserve([[tokens, money]])).end([undefined, 500]);
    await pass(20);
    expect(state.messages).toHaveLength(1);
  });

  it('the next request takes the corrections of the one before along', async () => {
    const { link, pass, state } = linked();
    holdOf(await link.reserve([[tokens]])).end([0]);
    await link.reserve([[tokens]]);
    await pass(20);
    expect(state.messages.map(({ batch, corrections }) => [batch, corrections.length])).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it('sends no second batch of corrections before the first is answered', async () => {
    const { link, pass, state } = linked();
    const holds = [holdOf(await link.reserve([[tokens]])), holdOf(await link.reserve([[tokens]]))];
    state.behave('hang');
    holds[0]?.end([1]);
    await pass(10);
    holds[1]?.end([2]);
    await pass(10);
    const sent = () => state.messages.slice(2).map(({ batch, corrections }) => [batch, corrections.length]);
    expect(sent()).toEqual([[1, 1]]);
    state.behave({});
    state.wake();
    await settle();
    await pass(10);
    expect(sent()).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  it('sends a batch again when its answer does not come for 5 s', async () => {
    const { link, pass, state, clock } = linked();
    const hold = holdOf(await link.reserve([[tokens]]));
    state.behave('hang');
    hold.end([1]);
    await pass(10);
    state.behave({});
    clock.advance(5000);
    await link.reserve([[tokens]]);
    await link.reserve([[tokens]]);
    expect(state.messages.map(({ batch }) => batch)).toEqual([0, 1, 1, 0]);
  });

  it('keeps places alive while they are held, and has no timer when none is', async () => {
    const { link, clock, corrections, pass } = linked();
    const hold = holdOf(await link.reserve([[place]]));
    await pass(20_020);
    expect(corrections().map(({ kind }) => kind)).toEqual(['renew', 'renew']);
    hold.end([undefined]);
    await pass(30_000);
    expect(corrections().map(({ kind }) => kind)).toEqual(['renew', 'renew', 'release']);
    expect(clock.pending).toBe(0);
  });
});

describe('while it hangs', () => {
  it('a request waits 5 ms, then goes by local limits; after 100 ms of silence nobody waits, with one warning', async () => {
    const { link, state, pass, elapsed, warnings } = linked();
    await link.reserve([[tokens]]);
    state.messages.length = 0;
    state.behave('hang');
    for (let i = 0; i < 25; i++) {
      const before = elapsed();
      const verdict = link.reserve([[tokens]]);
      let came: string | undefined;
      Promise.resolve(verdict).then(({ kind }) => {
        came = kind;
      });
      await settle();
      while (came === undefined) await pass(1);
      expect([came, elapsed() - before]).toEqual(['unknown', i < 20 ? 5 : 0]);
    }
    expect(warnings).toEqual([
      'shared_state: The shared state is silent for 100 ms. Until it answers again this process goes by its own limits alone.',
    ]);
    expect(state.messages).toHaveLength(20);
  });

  it('has 2 s for its first answer: the connection may still be under way', async () => {
    const { link, state, pass, warnings } = linked();
    state.behave('hang');
    for (let i = 0; i < 399; i++) {
      const verdict = link.reserve([[tokens]]);
      expect(verdict).toBeInstanceOf(Promise);
      await pass(5);
      await verdict;
    }
    expect(warnings).toEqual([]);
    const last = link.reserve([[tokens]]);
    await pass(5);
    await last;
    expect(warnings[0]).toContain('is silent for 2000 ms');
  });

  it('is probed once a second, without anybody waiting, and used again when it answers', async () => {
    const { link, state, pass, warnings } = linked();
    await link.reserve([[tokens]]);
    state.behave('hang');
    for (let i = 0; i < 21; i++) {
      const verdict = link.reserve([[tokens]]);
      await pass(5);
      await verdict;
    }
    const before = state.messages.length;
    for (let i = 0; i < 35; i++) {
      expect(link.reserve([[tokens]])).not.toBeInstanceOf(Promise);
      await pass(100);
    }
    expect(state.messages.slice(before).map(({ candidates }) => candidates)).toEqual([[], [], []]);
    state.behave({});
    state.wake();
    await settle();
    expect((await link.reserve([[tokens]])).kind).toBe('taken');
    expect(warnings).toHaveLength(1);
  });

  it('a late answer still counts: what it took is settled, what it took instead is given back', async () => {
    const { link, state, pass, corrections } = linked();
    state.behave('hang');
    const verdicts = [link.reserve([[tokens], [money]]), link.reserve([[tokens], [money]])];
    await pass(5);
    for (const verdict of verdicts) holdOf(await verdict).end([40]);
    let answers = 0;
    state.behave(() => ({ taken: answers++ === 0 ? 0 : 1 }));
    state.wake();
    await pass(20);
    expect(corrections()).toEqual([
      { kind: 'add', claim: { ...money, amount: -500 }, takenAt: 5000 },
      { kind: 'add', claim: { ...tokens, amount: -60 }, takenAt: 5000 },
      { kind: 'add', claim: { ...tokens, amount: 40 } },
    ]);
  });
});

describe('while it fails', () => {
  it('says so once, and nobody waits', async () => {
    const { link, state, warnings } = linked();
    state.behave(Object.assign(new Error('connect ECONNREFUSED redis://:secret@host'), { code: 'ECONNREFUSED' }));
    expect((await link.reserve([[tokens]])).kind).toBe('unknown');
    for (let i = 0; i < 100; i++) expect(link.reserve([[tokens]])).not.toBeInstanceOf(Promise);
    expect(state.messages).toHaveLength(1);
    expect(warnings).toEqual([
      'shared_state: The shared state failed: Error ECONNREFUSED. Until it answers again this process goes by its own limits alone.',
    ]);
  });

  it('names the code of an error reply', async () => {
    const { link, state, warnings } = linked();
    state.behave(new Error("READONLY You can't write against a read only replica."));
    await link.reserve([[tokens]]);
    expect(warnings[0]).toContain('The shared state failed: Error READONLY.');
  });

  it('what is used meanwhile is added up and told when it is back; what no longer matters is not', async () => {
    const { link, state, pass, clock, corrections } = linked();
    state.behave(new Error('gone'));
    const old: SharedClaim = { ...tokens, key: 'old', windowMs: 500 };
    for (let i = 0; i < 50; i++) holdOf(await link.reserve([[tokens, money, old, place]])).end([10, 20, 30, undefined]);
    state.behave({});
    clock.advance(1000);
    await link.reserve([[tokens]]);
    await settle();
    expect(corrections()).toEqual([
      { kind: 'add', claim: { ...tokens, amount: 500 } },
      { kind: 'add', claim: { ...money, amount: 1000, endsInMs: 3_599_000 } },
    ]);
    await pass(20);
    expect(corrections()).toHaveLength(2);
  });

  it('sends a batch again under its number until it is answered', async () => {
    const { link, state, clock, pass } = linked();
    const hold = holdOf(await link.reserve([[tokens]]));
    state.behave(new Error('gone'));
    hold.end([0]);
    await pass(10);
    clock.advance(1000);
    link.reserve([[tokens]]);
    await settle();
    state.behave({});
    clock.advance(1000);
    link.reserve([[tokens]]);
    await settle();
    await link.reserve([[tokens]]);
    expect(state.messages.map(({ batch }) => batch)).toEqual([0, 1, 1, 1, 0]);
  });
});

describe('targets out of use', () => {
  it('are told at once, heard with any answer, each news once', async () => {
    const { link, state, clock, opened } = linked();
    link.open('mine', clock.now() + 30_000);
    expect(state.messages[0]?.openings).toEqual([{ id: 'mine', forMs: 30_000 }]);
    state.behave({ version: 7, openings: [{ id: 'other', forMs: 12_000 }] });
    await link.reserve([[tokens]]);
    state.behave({ version: 7 });
    await link.reserve([[tokens]]);
    state.behave({
      version: 8,
      openings: [
        { id: 'other', forMs: 12_010 },
        { id: 'mine', forMs: 30_001 },
      ],
    });
    await link.reserve([[tokens]]);
    state.behave({ version: 9, openings: [{ id: 'other', forMs: 20_000 }] });
    await link.reserve([[tokens]]);
    expect(opened).toEqual([
      ['other', 12_000],
      ['other', 20_000],
    ]);
    expect(state.messages.map(({ seenVersion, openings }) => [seenVersion, openings.length])).toEqual([
      [0, 1],
      [0, 1],
      [7, 0],
      [7, 0],
      [8, 0],
    ]);
  });

  it('are told after an outage, unless their time is over; shortages are forgotten with it', async () => {
    const { link, state, clock } = linked();
    state.behave({ taken: undefined, shortages: [{ key: 't tokens', waitMs: 900 }] });
    await link.reserve([[tokens]]);
    expect(link.shortages.isAny).toBe(true);
    state.behave(new Error('gone'));
    await link.reserve([[tokens]]);
    expect(link.shortages.isAny).toBe(false);
    link.open('short', clock.now() + 500);
    link.open('long', clock.now() + 5000);
    state.behave({});
    clock.advance(1000);
    link.glance();
    expect(state.messages.at(-1)?.openings).toEqual([{ id: 'long', forMs: 4000 }]);
  });

  it('are asked for ten times a second at most where no request asks anything', async () => {
    const { link, state, clock } = linked();
    for (let i = 0; i < 100; i++) {
      link.glance();
      await settle();
      clock.advance(10);
    }
    expect(state.messages).toHaveLength(10);
  });
});
