// A stream that fails before its first content goes to the next target; the reader sees one clean stream.
import { Portkey } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
simulator.script('openai', [{ errorEventAt: 1, error: 'overloaded' }]);
const portkey = new Portkey({
  virtualKeys,
  config: {
    strategy: { mode: 'fallback' },
    targets: [{ virtual_key: 'openai-prod' }, { virtual_key: 'anthropic-prod' }],
  },
});

const stream = await portkey.chat.completions.create({
  model: 'claude-3-haiku-20240307',
  max_tokens: 200,
  stream: true,
  messages: [{ role: 'user', content: 'Count to ten.' }],
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '');
console.log(
  '\n\nattempts:',
  stream.attempts.map(({ provider, outcome, errorKind }) => [provider, outcome, errorKind]),
);
await simulator.stop();
