import type { PortkeyOptions } from '../../src/config/client-options.ts';
import type { Config } from '../../src/config/config.ts';
import { createEventHub } from '../../src/core/event-hub.ts';
import { type Runtime, systemClock } from '../../src/core/runtime.ts';
import { chat } from '../../src/resources/chat.ts';
import { createCaller } from '../../src/resources/create-caller.ts';
import type { Contest, Operation } from '../contender.ts';
import { instantNetwork } from '../instant-network.ts';
import { chatReply, chatRequest } from '../payloads.ts';

const batch = 1000;
const target: Config = { provider: 'openai', api_key: 'k', override_params: { model: 'gpt-4o' } };
const day = { amount: 1_000_000, period: 'day' };

/** What prices and budgets add to a call; the network answers at once. */
export const contest: Contest = {
  title: 'Prices and budgets: a whole create() over a network that answers at once',
  unit: 'call',
  unitsPerOperation: batch,
  operationsPerRound: 20,
  concurrency: 1,
  rounds: 15,
  contenders: [
    { name: 'neither', open: async () => calls(target) },
    { name: 'neither, calls with metadata', open: async () => calls(target, {}, { hasTeams: true }) },
    {
      name: 'prices, for a listener',
      open: async () => calls(target, { priceList: 'genai-prices' }, { isWatched: true }),
    },
    { name: 'a budget on the target', open: async () => calls({ ...target, budget: day }) },
    {
      name: 'budgets of target (day, month), virtual key and team, 1000 teams',
      open: async () =>
        calls(
          { ...target, budget: [day, { amount: 1_000_000, period: 'month', timezone: 'Europe/Berlin' }] },
          {
            budgets: [
              { by: 'metadata.team', amount: 1_000_000, period: '30d' },
              { by: 'virtual_key', amount: 1_000_000, period: 'month' },
            ],
          },
          { hasTeams: true },
        ),
    },
    { name: 'a context window', open: async () => calls({ ...target, max_input_tokens: 128_000 }) },
    {
      name: 'two targets, picked by cost',
      open: async () =>
        calls({
          strategy: { mode: 'loadbalance', algorithm: 'cost' },
          targets: [target, { ...target, override_params: { model: 'gpt-4o-mini' } }],
        }),
    },
  ],
};

interface Callers {
  readonly isWatched?: boolean;
  /** Calls come from a thousand teams in turn. */
  readonly hasTeams?: boolean;
}

function calls(
  config: Config,
  options: PortkeyOptions = {},
  { isWatched = false, hasTeams = false }: Callers = {},
): Operation {
  const events = createEventHub();
  if (isWatched) events.on('attempt-end', () => undefined);
  const { completions } = chat(createCaller({ config, environment: {}, ...options }, { ...runtime, events }));
  const teams = Array.from({ length: 1000 }, (_, index) => ({ metadata: { team: `team-${index}` } }));
  return async () => {
    for (let i = 0; i < batch; i++)
      await completions.create(chatRequest, hasTeams ? teams[i % teams.length] : undefined);
  };
}

const replyText = JSON.stringify(chatReply);

const runtime: Omit<Runtime, 'events'> = {
  clock: systemClock,
  random: Math.random,
  requestId: () => 'request',
  traceId: () => 'trace',
  transport: instantNetwork(replyText),
};
