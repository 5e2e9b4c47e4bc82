// The routing tree as a provider of the AI SDK: tools, streams and structured output, whoever answers.
import { generateText, isStepCount, Output, streamText, tool } from 'ai';
import { Portkey } from 'modelmux';
import { createModelmux } from 'modelmux/ai-sdk';
import { z } from 'zod';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
const portkey = new Portkey({
  virtualKeys,
  config: {
    strategy: { mode: 'fallback' },
    targets: [
      { virtual_key: 'openai-prod' },
      { virtual_key: 'anthropic-prod', override_params: { model: 'claude-3-haiku-20240307' } },
    ],
  },
});
const model = createModelmux(portkey)('gpt-4o-mini');

simulator.script('openai', [{ toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' } }] }, { text: 'Clear.' }]);
const weather = tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => `clear in ${city}` });
const { text, steps } = await generateText({ model, prompt: 'Oslo?', tools: { weather }, stopWhen: isStepCount(2) });
console.log('tool loop:', steps[0]?.toolResults[0]?.output, '->', text);

simulator.script('openai', [{ jsonObject: { sky: 'clear' } }]);
const output = Output.object({ schema: z.object({ sky: z.string() }) });
console.log('object:', (await generateText({ model, prompt: 'Sky?', output })).output);

simulator.behave('openai', { outage: true });
simulator.script('anthropic', [{ text: 'Hello from the second target.' }]);
const stream = streamText({ model, prompt: 'Hi', providerOptions: { modelmux: { traceID: 'trace-1' } } });
for await (const piece of stream.textStream) process.stdout.write(piece);
console.log('\n', (await stream.providerMetadata)?.['modelmux']);
await simulator.stop();
