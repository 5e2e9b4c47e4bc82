import { createServer } from 'node:http';

/** A provider that allows each key so many calls within any time of one length, and remembers all of them. */
export interface StrictUpstream {
  readonly url: string;
  /** Calls refused with 429. */
  refused(): number;
  /** Calls answered, by key. */
  answered(): Readonly<Record<string, number>>;
  /** Most calls answered at once. */
  mostAtOnce(): number;
  reset(): void;
  stop(): Promise<void>;
}

/** Starts it on a free port: `most` calls of a key within any `windowMs`. Each answer takes `answerMs`. */
export async function startStrictUpstream(most: number, windowMs = 1000, answerMs = 0): Promise<StrictUpstream> {
  let times: Record<string, number[]> = {};
  let refused = 0;
  let open = 0;
  let mostAtOnce = 0;
  const server = createServer(async (request, response) => {
    const now = performance.now();
    for await (const _chunk of request);
    const key = String(request.headers.authorization).replace('Bearer ', '');
    times[key] ??= [];
    const mine = times[key];
    const isOver = mine.filter((at) => at > now - windowMs).length >= most;
    if (isOver) refused++;
    else mine.push(now);
    mostAtOnce = Math.max(mostAtOnce, ++open);
    if (answerMs > 0) await new Promise((resolve) => setTimeout(resolve, answerMs));
    open--;
    response.writeHead(isOver ? 429 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isOver ? { error: { message: 'too many' } } : reply));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1`,
    refused: () => refused,
    answered: () => Object.fromEntries(Object.entries(times).map(([key, at]) => [key, at.length])),
    mostAtOnce: () => mostAtOnce,
    reset() {
      times = {};
      refused = 0;
      mostAtOnce = 0;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const reply = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hello' } }],
};
