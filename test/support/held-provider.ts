import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A provider in OpenAI's shape that answers nobody until it is let, for one test. */
export interface HeldProvider {
  /** As `custom_host`. */
  readonly url: string;
  /** Calls so far. */
  calls(): number;
  /** Answers all who wait, and from now on everybody at once. */
  release(): void;
}

/** Starts one on a free port; it ends with the test. */
export async function heldProvider(): Promise<HeldProvider> {
  let calls = 0;
  let waiting: ServerResponse[] | undefined = [];
  const server = createServer((request, response) => {
    calls++;
    request.resume();
    if (waiting === undefined) answer(response);
    else waiting.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    calls: () => calls,
    release() {
      for (const response of waiting ?? []) answer(response);
      waiting = undefined;
    },
  };
}

function answer(response: ServerResponse): void {
  const choice = { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hello' } };
  const usage = { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 };
  const reply = { id: 'c', object: 'chat.completion', created: 1, model: 'gpt-4o', choices: [choice], usage };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(reply));
}
