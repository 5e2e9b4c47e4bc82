import { bareFetch, openaiClient, ours, plainCall, portkeyClient } from '../clients.ts';
import { cookbookTree, plainTree } from '../configs.ts';
import type { Contest } from '../contender.ts';
import { chatRequest } from '../payloads.ts';
import { loadPeer } from '../peers.ts';

/** What one chat completion costs its client. */
export const contest: Contest = {
  title: 'One chat completion, 16 at a time',
  unit: 'request',
  unitsPerOperation: 1,
  operationsPerRound: 4000,
  concurrency: 16,
  rounds: 15,
  contenders: [
    {
      name: 'bare fetch + JSON.parse',
      open:
        async ({ upstream }) =>
        async () => {
          await bareFetch(`${upstream}/v1/chat/completions`);
        },
    },
    {
      name: 'modelmux, cookbook tree',
      open: async ({ upstream }) => ours(cookbookTree(upstream)),
    },
    {
      name: 'modelmux, three OpenAI-shaped targets',
      open: async ({ upstream }) => ours(plainTree(upstream)),
    },
    {
      name: 'modelmux, OpenAI-shaped, option fetch: globalThis.fetch',
      open: async ({ upstream }) => ours(plainTree(upstream), { fetch: globalThis.fetch }),
    },
    { name: 'undici.request', open: async ({ upstream }) => undiciRequest(`${upstream}/v1/chat/completions`) },
    {
      name: 'openai package, no gateway',
      async open({ upstream }) {
        const client = await openaiClient(upstream);
        return async () => {
          await client.chat.completions.create(chatRequest);
        };
      },
    },
    {
      name: 'portkey-ai + gateway, cookbook tree',
      usesGateway: true,
      open: async ({ upstream, gateway }) => throughGateway(gateway, cookbookTree(upstream)),
    },
    {
      name: 'portkey-ai + gateway, three OpenAI-shaped targets',
      usesGateway: true,
      open: async ({ upstream, gateway }) => throughGateway(gateway, plainTree(upstream)),
    },
  ],
};

/** What is used of `undici`. Source: undici documentation, "undici.request". */
interface Undici {
  request(url: string, options: object): Promise<{ readonly body: { text(): Promise<string> } }>;
}

async function undiciRequest(url: string): Promise<() => Promise<void>> {
  const { request } = await loadPeer<Undici>('undici');
  return async () => {
    const { body } = await request(url, plainCall(chatRequest));
    JSON.parse(await body.text());
  };
}

async function throughGateway(gateway: string | undefined, config: object): Promise<() => Promise<void>> {
  const client = await portkeyClient(gateway, config);
  return async () => {
    await client.chat.completions.create(chatRequest);
  };
}
