import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { bearer, dataOf, send } from './client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ providers: { openai: { text: 'Hello wörld.' } } });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const url = (path: string) => `${simulator.baseUrl('openai')}${path}`;
const post = (path: string, body: unknown) => send(url(path), { headers: bearer, body });
const json = async (path: string, body: unknown) => JSON.parse((await post(path, body)).text);

describe('the Responses API', () => {
  it('answers with a response', async () => {
    expect(await json('/responses', { model: 'gpt-4o', input: 'Hi there', instructions: 'Be brief' })).toMatchObject({
      id: expect.stringMatching(/^resp_/),
      object: 'response',
      status: 'completed',
      error: null,
      incomplete_details: null,
      instructions: 'Be brief',
      output: [
        {
          id: expect.stringMatching(/^msg_/),
          type: 'message',
          status: 'completed',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Hello wörld.', annotations: [] }],
        },
      ],
      usage: {
        input_tokens: 4,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 2,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 6,
      },
    });
  });

  it('streams named events with reasoning, text and a call, numbered in order', async () => {
    simulator.script('openai', [{ reasoning: 'Hm', text: 'Yes.', toolCalls: [{ name: 'f', arguments: { a: 1 } }] }]);
    const { text } = await post('/responses', { model: 'm', input: 'Hi', stream: true });
    const events = dataOf(text) as { type: string; sequence_number: number; output_index?: number }[];
    expect(
      events.map(({ type, output_index }) => `${type}${output_index === undefined ? '' : ` ${output_index}`}`),
    ).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added 0',
      'response.reasoning_summary_part.added 0',
      'response.reasoning_summary_text.delta 0',
      'response.reasoning_summary_text.done 0',
      'response.reasoning_summary_part.done 0',
      'response.output_item.done 0',
      'response.output_item.added 1',
      'response.content_part.added 1',
      'response.output_text.delta 1',
      'response.output_text.done 1',
      'response.content_part.done 1',
      'response.output_item.done 1',
      'response.output_item.added 2',
      'response.function_call_arguments.delta 2',
      'response.function_call_arguments.done 2',
      'response.output_item.done 2',
      'response.completed',
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    expect([...text.matchAll(/^event: (.+)$/gm)].map(([, name]) => name)).toEqual(events.map((event) => event.type));
    expect(text).not.toContain('[DONE]');
  });

  it('is incomplete when filtered, and refuses in a part of its own', async () => {
    simulator.script('openai', [{ contentFilter: true }, { refusal: 'No.' }]);
    expect(await json('/responses', { model: 'm', input: 'Hi' })).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
    });
    expect((await json('/responses', { model: 'm', input: 'Hi' })).output[0].content).toEqual([
      { type: 'refusal', refusal: 'No.' },
    ]);
  });

  it('matches function calls with their outputs', async () => {
    const call = { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' };
    const output = { type: 'function_call_output', call_id: 'c1', output: 'x' };
    const ask = (input: unknown, more = {}) => json('/responses', { model: 'm', input, ...more });
    expect((await ask([call])).error.message).toBe('No tool output found for function call c1.');
    expect((await ask([output])).error.message).toBe('No tool call found for function call output with call_id c1.');
    expect((await ask([call, output])).status).toBe('completed');
    expect((await ask([output], { previous_response_id: 'resp_1' })).status).toBe('completed');
  });
});
