// Where a call goes on depends on what went wrong: a prompt that is too long to a longer model, a 429 to another provider, a mistake nowhere.
import { Portkey, PortkeyError } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
const portkey = new Portkey({
  virtualKeys,
  config: {
    strategy: { mode: 'fallback' },
    targets: [
      { virtual_key: 'openai-prod', override_params: { model: 'gpt-4o-mini' } },
      { virtual_key: 'openai-prod', override_params: { model: 'gpt-4.1' }, on_errors: ['context_window'] },
      {
        virtual_key: 'anthropic-prod',
        override_params: { model: 'claude-3-haiku' },
        on_errors: ['rate_limit', 'server'],
      },
    ],
  },
});

async function ask(cause: string): Promise<void> {
  try {
    const reply = await portkey.chat.completions.create({ model: 'any', messages: [{ role: 'user', content: 'Hi' }] });
    console.log(`${cause}: ${reply.model}`);
  } catch (error) {
    if (!(error instanceof PortkeyError)) throw error;
    console.log(`${cause}: ${error.name} after ${error.attempts.length} attempt`);
  }
}

simulator.script('openai', [{ error: 'context_window' }]);
await ask('too long');
simulator.script('openai', [{ status: 429 }]);
await ask('rate limit');
simulator.script('openai', [{ status: 400 }]);
await ask('mistake');
await simulator.stop();
