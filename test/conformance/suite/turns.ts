import { expect, it } from 'vitest';
import { assembleChunks } from '../../../src/core/openai/assemble.ts';
import type { ChatCompletion } from '../../../src/core/openai/index.ts';
import { readAndExpected } from '../readers/index.ts';
import type { Said } from '../readers/turns.ts';
import { type ChatBody, type Stage, saying } from '../stage.ts';
import { firstOf } from './replies.ts';
import { clock, weather } from './samples.ts';

const asked: ChatBody & ReturnType<typeof saying> = { ...saying('What now?'), tools: [weather, clock] };
const calls = [
  { id: 'call_a', name: 'get_weather', arguments: { city: 'Zürich' } },
  { id: 'call_b', name: 'get_time', arguments: {} },
];

/** The turn after a reply with tool calls: the caller sends the reply back with the results. */
export function turnSuite(stage: Stage): void {
  it.each([
    ['a whole reply', (body: ChatBody) => stage.create(body)],
    ['a streamed reply', async (body: ChatBody) => assembleChunks(await stage.stream(body))],
  ])('results of tools go back to their calls after %s', async (_, ask) => {
    const { message, signature } = await firstTurn(ask);
    await stage.create({
      ...asked,
      messages: [
        ...asked.messages,
        message,
        { role: 'tool', tool_call_id: 'call_a', content: 'Sunny' },
        { role: 'tool', tool_call_id: 'call_b', content: [{ type: 'text', text: '12:00' }] },
      ],
    });
    const body = stage.sent().body;
    const { read, expected } = readAndExpected(stage.run, body, {
      instructions: [],
      said: [
        ['user', { text: 'What now?' }],
        ...calls.map((call): Said => ['assistant', { call }]),
        ['user', { result: { id: 'call_a', text: 'Sunny' } }],
        ['user', { result: { id: 'call_b', text: '12:00' } }],
      ],
    });
    // Cohere takes the reasoning back as the plan of the calls, which is a text.
    expect(read.said.filter(([speaker, item]) => speaker === 'user' || !('text' in item))).toEqual(expected.said);
    if (!stage.run.signs) return;
    expect(signature).toBeDefined();
    expect(JSON.stringify(body).split(signature ?? '')).toHaveLength(2);
  });

  async function firstTurn(ask: (body: ChatBody) => Promise<ChatCompletion>) {
    stage.reset();
    stage.script({ reasoning: 'Look it up.', toolCalls: calls });
    const { message } = firstOf(await ask(asked));
    return { message, signature: /c2ltdWxhdGVkIHNpZ25hdHVyZS[\w+/=]+/.exec(JSON.stringify(message))?.[0] };
  }
}
