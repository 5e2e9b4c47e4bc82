import { createParser } from 'eventsource-parser';
import { Portkey } from '../../src/index.ts';
import { openaiClient, plainCall } from '../clients.ts';
import { plainTree } from '../configs.ts';
import type { Contest, Operation } from '../contender.ts';
import { chatRequest, chunksPerStream } from '../payloads.ts';

const streamed = { ...chatRequest, stream: true as const };

/** What is read of a chunk. */
interface Chunk {
  readonly choices: readonly { readonly delta?: { readonly content?: string | null | undefined } }[];
}

/** What a streamed chunk costs, and when the first one with content is there. */
export const contest: Contest = {
  title: `Streams of ${chunksPerStream} chunks, 4 at a time`,
  unit: 'chunk',
  unitsPerOperation: chunksPerStream,
  operationsPerRound: 60,
  concurrency: 4,
  rounds: 15,
  contenders: [
    {
      name: 'bare fetch + eventsource-parser + JSON.parse',
      open: async ({ upstream }) => bareReader(`${upstream}/v1/chat/completions`),
    },
    {
      name: 'modelmux, three OpenAI-shaped targets',
      async open({ upstream }) {
        const portkey = new Portkey({ config: plainTree(upstream) });
        return () => reading(() => portkey.chat.completions.create(streamed));
      },
    },
    {
      name: 'modelmux, option fetch: globalThis.fetch',
      async open({ upstream }) {
        const portkey = new Portkey({ config: plainTree(upstream), fetch: globalThis.fetch });
        return () => reading(() => portkey.chat.completions.create(streamed));
      },
    },
    {
      name: 'openai package, no gateway',
      async open({ upstream }) {
        const client = await openaiClient(upstream);
        return () => reading(() => client.chat.completions.create(streamed));
      },
    },
  ],
};

/** The same, one stream at a time: nothing waits for another, so that the time to the first chunk is the contender's own. */
export const alone: Contest = {
  ...contest,
  title: `Streams of ${chunksPerStream} chunks, one at a time`,
  operationsPerRound: 40,
  concurrency: 1,
};

/** Reads a stream to its end. Gives the milliseconds to the first content. */
async function reading(open: () => PromiseLike<AsyncIterable<Chunk>>): Promise<number> {
  const tally = startTally();
  for await (const chunk of await open()) tally.note(chunk);
  return tally.end();
}

/** As little as a program that wants the chunks can do. */
function bareReader(url: string): Operation {
  return async () => {
    const tally = startTally();
    const decoder = new TextDecoder();
    const parser = createParser({
      onEvent({ data }) {
        if (data !== '[DONE]') tally.note(JSON.parse(data) as Chunk);
      },
    });
    const { body } = await fetch(url, plainCall(streamed));
    if (body === null) throw new Error('The stream has no body');
    for await (const bytes of body) parser.feed(decoder.decode(bytes, { stream: true }));
    return tally.end();
  };
}

function startTally() {
  const startedAt = performance.now();
  let firstMs: number | undefined;
  let chunks = 0;
  return {
    note({ choices }: Chunk): void {
      chunks++;
      const content = choices[0]?.delta?.content;
      if (firstMs === undefined && content !== undefined && content !== null && content !== '') {
        firstMs = performance.now() - startedAt;
      }
    },
    end(): number {
      if (chunks !== chunksPerStream || firstMs === undefined) throw new Error(`${chunks} chunks came`);
      return firstMs;
    },
  };
}
