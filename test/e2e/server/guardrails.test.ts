import { GuardrailError, Portkey } from 'modelmux';
import OpenAI from 'openai';
import { Portkey as TheirPortkey } from 'portkey-ai';
import { expect, it } from 'vitest';
import { served } from '../../support/served.ts';
import { errorOf, helloStream, simulated } from '../../support/simulated.ts';

const simulator = simulated();

const hello = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };
const noHello = { id: 'polite', 'default.contains': { operator: 'none', words: ['Hello'] } };

/** The base URL of a server whose only config has these hooks. */
async function guarded(hooks: object): Promise<string> {
  simulator.behave('openai', { text: 'Hello there' });
  const { url } = await served({ config: { ...simulator.target('openai'), ...hooks } });
  return `${url}/v1`;
}

it('a refusal has status 446, and the verdicts beside the error', async () => {
  const url = await guarded({ input_guardrails: [{ ...noHello, deny: true }] });
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(hello),
  });
  expect(response.status).toBe(446);
  expect(await response.json()).toMatchObject({
    error: { type: 'hooks_failed', param: null },
    hook_results: { before_request_hooks: [{ id: 'polite', verdict: false, deny: true }], after_request_hooks: [] },
  });
  expect(simulator.requests()).toEqual([]);
});

it('a refusal is the same error to a client of the server as in the process', async () => {
  const portkey = new Portkey({ baseURL: await guarded({ output_guardrails: [{ ...noHello, deny: true }] }) });
  const error = await errorOf(portkey.chat.completions.create(hello), GuardrailError);
  expect(error).toMatchObject({ status: 446, stage: 'output' });
  expect(error.hook_results.after_request_hooks).toMatchObject([{ id: 'polite', verdict: false }]);
});

it('a refusal is not asked for again by the clients of OpenAI and Portkey', async () => {
  const baseURL = await guarded({ output_guardrails: [{ ...noHello, deny: true }] });
  const openai = new OpenAI({ baseURL, apiKey: 'unused' });
  await expect(openai.chat.completions.create(hello)).rejects.toMatchObject({ status: 446, type: 'hooks_failed' });
  const theirs = new TheirPortkey({ baseURL, apiKey: 'unused' });
  await expect(theirs.chat.completions.create(hello)).rejects.toMatchObject({ status: 446 });
  expect(simulator.requests()).toHaveLength(2);
});

it('a reply that failed without a refusal has status 246, and the verdicts where compliance is not strict', async () => {
  const baseURL = await guarded({ output_guardrails: [noHello], strict_open_ai_compliance: false });
  const { data, response } = await new OpenAI({ baseURL, apiKey: 'unused' }).chat.completions
    .create(hello)
    .withResponse();
  expect(response.status).toBe(246);
  expect(data).toMatchObject({
    choices: [{ message: { content: 'Hello there' } }],
    hook_results: { after_request_hooks: [{ id: 'polite', verdict: false }] },
  });
});

it('a stream refused at its end ends with the error', async () => {
  const url = await guarded({ output_guardrails: [{ ...noHello, deny: true, stream: 'end' }] });
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(helloStream),
  });
  const events = (await response.text()).split('\n\n').flatMap((event) => {
    const data = event.replace(/^data: /, '');
    return data.startsWith('{') ? [JSON.parse(data)] : [];
  });
  expect(response.status).toBe(200);
  expect(events.map((event) => event.choices?.[0]?.delta.content ?? '').join('')).toBe('Hello there');
  expect(events.at(-1)).toMatchObject({
    error: { type: 'hooks_failed' },
    hook_results: { after_request_hooks: [{ id: 'polite', verdict: false }] },
  });
});
