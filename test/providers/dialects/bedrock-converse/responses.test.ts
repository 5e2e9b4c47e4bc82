import { expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import { bedrockConverse } from '../../../../src/providers/dialects/bedrock-converse/index.ts';
import { bridgeResponses } from '../../../../src/providers/dialects/responses-bridge/index.ts';
import { deepFreeze, models, scopeOf } from './support.ts';

const chat = bedrockConverse.codecs['chat/completions'];
const codec = chat && bridgeResponses(chat, { keepsExtras: true });
const request = {
  model: models.claude37,
  instructions: 'Be brief.',
  input: 'Weather in Oslo?',
  tools: [{ type: 'function', name: 'weather', parameters: { type: 'object', properties: {} } }],
  reasoning: { effort: 'low' },
  max_output_tokens: 4000,
  include: ['reasoning.encrypted_content'],
  stream: true,
};
const scope = (body: JsonObject) => scopeOf({ model: models.claude37, stream: true, body });

it('answers a Responses request over Converse, and takes its own output back with the signature', () => {
  const toolConfig = {
    tools: [{ toolSpec: { name: 'weather', inputSchema: { json: { type: 'object', properties: {} } } } }],
  };
  const rest = {
    system: [{ text: 'Be brief.' }],
    inferenceConfig: { maxTokens: 4000 },
    toolConfig,
    additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2048 } },
  };
  const path = '/model/us.anthropic.claude-3-7-sonnet-20250219-v1%3A0/converse-stream';
  const asked = { role: 'user', content: [{ text: 'Weather in Oslo?' }] };
  expect(codec?.encode(deepFreeze(request), scope(request))).toEqual({ path, body: { messages: [asked], ...rest } });

  const events: JsonObject[] = [];
  const decoder = codec?.decodeStream?.(scope(request));
  const push = (event: string, payload: JsonObject) =>
    decoder?.push({ event, data: JSON.stringify(payload) }, (one) => events.push(one));
  push('messageStart', { role: 'assistant' });
  push('contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent: { text: 'Look it up.' } } });
  push('contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent: { signature: 'sig' } } });
  push('contentBlockStop', { contentBlockIndex: 0 });
  push('contentBlockStart', { contentBlockIndex: 1, start: { toolUse: { toolUseId: 't1', name: 'weather' } } });
  push('contentBlockStop', { contentBlockIndex: 1 });
  push('messageStop', { stopReason: 'tool_use' });
  push('metadata', { usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 } });
  expect(decoder?.end((one) => events.push(one))).toBe(true);
  const { response } = events.at(-1) as { response: { output: JsonObject[] } };
  expect(response).toMatchObject({
    status: 'completed',
    output: [
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Look it up.' }] },
      { type: 'function_call', call_id: 't1', name: 'weather', arguments: '{}' },
    ],
    usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
  });

  const result = { type: 'function_call_output', call_id: 't1', output: '4 degrees' };
  const next = { ...request, input: [{ role: 'user', content: 'Weather in Oslo?' }, ...response.output, result] };
  expect(codec?.encode(deepFreeze(next), scope(next))).toEqual({
    path,
    body: {
      messages: [
        asked,
        {
          role: 'assistant',
          content: [
            { reasoningContent: { reasoningText: { text: 'Look it up.', signature: 'sig' } } },
            { toolUse: { toolUseId: 't1', name: 'weather', input: {} } },
          ],
        },
        { role: 'user', content: [{ toolResult: { toolUseId: 't1', content: [{ text: '4 degrees' }] } }] },
      ],
      ...rest,
    },
  });
});
