import { type Config, Portkey, type PortkeyOptions } from '../../src/index.ts';

const reply = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello there.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 },
};
/** What the network answers. */
export const replyText = JSON.stringify(reply);

const target = (id: string): Config => ({
  id,
  provider: 'openai',
  api_key: `key-of-${id}`,
  pricing: { input: 1, output: 1 },
  rate_limit: [
    { requests: 1_000_000, per: '1s' },
    { tokens: 1_000_000_000, per: '1m' },
  ],
  max_concurrency: 10_000,
  budget: [
    { amount: 1_000_000, period: 'day' },
    { amount: 1_000_000, period: 'month', timezone: 'Europe/Berlin' },
  ],
});

/** Limits, queue, budgets of target, client and every team, cooldowns, retries, affinity, cache and logs, all at once. */
export const everything: PortkeyOptions = {
  environment: {},
  budgets: [
    { by: 'metadata.team', amount: 1000, period: 'day' },
    { by: 'model', amount: 1_000_000, period: 'month' },
  ],
  config: {
    strategy: { mode: 'loadbalance', algorithm: 'rate_limit_aware', failover: true },
    affinity: { by: ['session', 'user'], ttl: 600 },
    cooldown: { allowed_fails: 3, time: 30 },
    retry: { attempts: 2, scope: 'node' },
    queue: { max_wait: 10 },
    cache: { mode: 'simple', max_age: 600 },
    targets: ['a', 'b', 'c'].map(target),
  },
};

/** A client over a network that answers at once. */
export function clientOf(options: PortkeyOptions): Portkey {
  return new Portkey({
    ...options,
    fetch: async () => new Response(replyText, { headers: { 'content-type': 'application/json' } }),
  });
}

/** The `index`th call: of a user, team, session and trace that nobody else has, with a prompt of its own. */
export function callOf(portkey: Pick<Portkey, 'chat'>, index: number): Promise<unknown> {
  const body = {
    model: `gpt-4o`,
    user: `user-${index}`,
    max_tokens: 100,
    messages: [{ role: 'user' as const, content: `Question number ${index}: why is the sky blue?` }],
  };
  const metadata = { team: `team-${index}`, session_id: `session-${index}`, tier: 'gold' };
  return portkey.chat.completions.create(body, { metadata, traceID: `trace-${index}` });
}
