import { expect, it } from 'vitest';
import { fleet, target } from '../support/fleet.ts';

const chunk = (delta: object, finish_reason: string | null) =>
  `data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;

it('who leaves a stream that lies ready gets an error with trace and attempts, as any other', async () => {
  const made = fleet(target('a'));
  made.answers.a = {
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    text: `${chunk({ content: 'x' }, null)}${chunk({}, 'stop')}data: [DONE]\n\n`,
  };
  const caller = new AbortController();
  const stream = await made.portkey.chat.completions.create(
    { model: 'm', messages: [{ role: 'user', content: 'hi' }], stream: true },
    { traceID: 'trace-1' },
    { signal: caller.signal },
  );
  caller.abort();
  const read = async () => {
    for await (const _ of stream);
  };
  await expect(read()).rejects.toMatchObject({
    name: 'APIUserAbortError',
    traceId: 'trace-1',
    attempts: [{ path: 'config' }],
  });
});
