import { bareFetch, ours, portkeyClient } from '../clients.ts';
import { failingFirst } from '../configs.ts';
import type { Contest } from '../contender.ts';
import { chatRequest } from '../payloads.ts';

/** What a completion costs whose first target answers 500. */
export const contest: Contest = {
  title: 'One chat completion whose first target fails, 16 at a time',
  unit: 'request',
  unitsPerOperation: 1,
  operationsPerRound: 1000,
  concurrency: 16,
  rounds: 15,
  contenders: [
    {
      name: 'two fetches in try/catch',
      open:
        async ({ upstream }) =>
        async () => {
          try {
            await bareFetch(`${upstream}/fail/v1/chat/completions`);
          } catch {
            await bareFetch(`${upstream}/v1/chat/completions`);
          }
        },
    },
    { name: 'modelmux, fallback', open: async ({ upstream }) => ours(failingFirst(upstream)) },
    {
      name: 'modelmux, fallback, option fetch: globalThis.fetch',
      open: async ({ upstream }) => ours(failingFirst(upstream), { fetch: globalThis.fetch }),
    },
    {
      name: 'portkey-ai + gateway, fallback',
      usesGateway: true,
      async open({ upstream, gateway }) {
        const client = await portkeyClient(gateway, failingFirst(upstream));
        return async () => {
          await client.chat.completions.create(chatRequest);
        };
      },
    },
  ],
};
