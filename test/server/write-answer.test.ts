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
    writeHead: () => undefined,
    write(text: string) {
      written.push(text);
      return !response.isFull;
    },
    end() {
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

const answer = (source: StreamSource<string>) => ({
  status: 200,
  headers: {},
  body: { kind: 'events' as const, events: source },
});
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('asks for the next event only when the reader has room', async () => {
  const { response, written, asNode } = outgoing();
  const { source, counts } = events(['a', 'b', 'c']);
  const outcomes: string[] = [];
  writeAnswer(asNode, answer(source), (outcome) => outcomes.push(outcome));
  await turn();
  expect([written, counts.asked]).toEqual([['a'], 1]);
  response.emit('drain');
  await turn();
  expect([written, counts.asked]).toEqual([['a', 'b'], 2]);
  response.isFull = false;
  response.emit('drain');
  await turn();
  expect([written, counts.asked, outcomes]).toEqual([['a', 'b', 'c'], 4, ['success']]);
});

it('ends the events when the reader leaves, also while it has no room', async () => {
  const { response, written, asNode } = outgoing();
  const { source, counts } = events(['a', 'b', 'c']);
  const outcomes: string[] = [];
  writeAnswer(asNode, answer(source), (outcome) => outcomes.push(outcome));
  await turn();
  response.destroy();
  await turn();
  expect([written, counts, outcomes]).toEqual([['a'], { asked: 1, returned: 1 }, ['aborted']]);
});

it('leaves no listener behind on a reader that is slow again and again', async () => {
  const { response, asNode } = outgoing();
  const { source } = events(Array.from({ length: 50 }, (_, index) => String(index)));
  writeAnswer(asNode, answer(source), () => undefined);
  for (let index = 0; index < 40; index++) {
    await turn();
    response.emit('drain');
  }
  expect([response.listenerCount('drain'), response.listenerCount('close')]).toEqual([0, 2]);
});
