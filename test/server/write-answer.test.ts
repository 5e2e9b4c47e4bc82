import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { ended, type StreamSource } from '../../src/resources/stream-source.ts';
import { writeAnswer } from '../../src/server/listen/write-answer.ts';

/** A response of Node's whose reader takes nothing until told. */
function outgoing() {
  const written: string[] = [];
  const response = Object.assign(new EventEmitter(), {
    destroyed: false,
    writableFinished: false,
    isFull: true,
    writableNeedDrain: false,
    writeHead: () => undefined,
    write(text: string) {
      written.push(text);
      response.writableNeedDrain = response.isFull;
      return !response.isFull;
    },
    end(text = '') {
      if (text !== '') written.push(text);
      response.writableFinished = true;
      response.emit('close');
    },
    destroy() {
      response.destroyed = true;
      response.emit('close');
    },
  });
  return { response, written, asNode: response as unknown as ServerResponse };
}

function drain(response: ReturnType<typeof outgoing>['response']): void {
  response.writableNeedDrain = false;
  response.emit('drain');
}

/** Events that count how often one was asked for. */
function events(texts: readonly string[]) {
  const counts = { asked: 0, returned: 0 };
  const source: StreamSource<string> = {
    async next() {
      const value = texts[counts.asked++];
      return value === undefined ? ended : { done: false, value };
    },
    async return() {
      counts.returned++;
      return ended;
    },
    [Symbol.asyncIterator]: () => source,
  };
  return { source, counts };
}

/** Too long to be joined with another. */
const long = (letter: string) => letter.repeat(20_000);

const answer = (source: StreamSource<string>) => ({
  status: 200,
  headers: {},
  body: { kind: 'events' as const, events: source },
});
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('asks for the next event only when the reader has room', async () => {
  const { response, written, asNode } = outgoing();
  const { source, counts } = events(['a', 'b', 'c'].map(long));
  const outcomes: string[] = [];
  writeAnswer(asNode, answer(source), (outcome) => outcomes.push(outcome));
  await turn();
  expect([written, counts.asked]).toEqual([[long('a')], 1]);
  drain(response);
  await turn();
  expect([written, counts.asked]).toEqual([['a', 'b'].map(long), 2]);
  response.isFull = false;
  drain(response);
  await turn();
  expect([written, counts.asked, outcomes]).toEqual([['a', 'b', 'c'].map(long), 4, ['success']]);
});

it('joins events that are there at once', async () => {
  const { response, written, asNode } = outgoing();
  response.isFull = false;
  const { source } = events(['a', 'b', 'c']);
  writeAnswer(asNode, answer(source), () => undefined);
  await turn();
  expect(written).toEqual(['abc']);
});

it('ends the events when the reader leaves, also while it has no room', async () => {
  const { response, written, asNode } = outgoing();
  const { source, counts } = events(['a', 'b', 'c'].map(long));
  const outcomes: string[] = [];
  writeAnswer(asNode, answer(source), (outcome) => outcomes.push(outcome));
  await turn();
  response.destroy();
  await turn();
  expect([written, counts, outcomes]).toEqual([[long('a')], { asked: 1, returned: 1 }, ['aborted']]);
});

it('leaves no listener behind on a reader that is slow again and again', async () => {
  const { response, asNode } = outgoing();
  const { source } = events(Array.from({ length: 50 }, (_, index) => long(String(index % 10))));
  writeAnswer(asNode, answer(source), () => undefined);
  for (let index = 0; index < 40; index++) {
    await turn();
    drain(response);
  }
  expect([response.listenerCount('drain'), response.listenerCount('close')]).toEqual([0, 2]);
});
