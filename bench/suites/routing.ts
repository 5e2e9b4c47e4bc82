import type { RequestContext } from '../../src/core/context.ts';
import { createEventHub } from '../../src/core/event-hub.ts';
import { compose, type Handler } from '../../src/core/handler.ts';
import type { Reply } from '../../src/core/reply.ts';
import { type Runtime, systemClock } from '../../src/core/runtime.ts';
import type { Child } from '../../src/core/strategy.ts';
import { chat } from '../../src/resources/chat.ts';
import { createCaller } from '../../src/resources/create-caller.ts';
import { algorithms } from '../../src/routing/algorithms/index.ts';
import { observe, timeout } from '../../src/routing/middleware/index.ts';
import { createTargetState } from '../../src/routing/state/target-state.ts';
import { fallback, loadbalance } from '../../src/routing/strategies/index.ts';
import { guardedTree, keyedTree, plainTree } from '../configs.ts';
import type { Contest, Operation } from '../contender.ts';
import { instantNetwork } from '../instant-network.ts';
import { chatReply, chatRequest } from '../payloads.ts';

const batch = 1000;
const upstream = 'http://127.0.0.1:9';

/** What routing costs when no network is there. */
export const contest: Contest = {
  title: 'Routing alone, no network',
  unrelated: true,
  unit: 'evaluation',
  unitsPerOperation: batch,
  operationsPerRound: 100,
  concurrency: 1,
  rounds: 15,
  contenders: [
    { name: 'weighted pick of 2', open: async () => picks(2) },
    { name: 'weighted pick of 10,000', open: async () => picks(10_000) },
    { name: 'loadbalance over 2 targets that do nothing', open: async () => awaited(loadbalanced(idle, idle)) },
    { name: 'cookbook tree over targets that do nothing', open: async () => awaited(cookbook()) },
    { name: 'whole create() over a network that answers at once', open: async () => wholeCalls(plainTree(upstream)) },
    {
      name: 'the same with cooldown, rate limits of requests and tokens, max_concurrency and a queue, all idle',
      open: async () => wholeCalls(guardedTree(upstream)),
    },
    {
      name: 'the same over 10 keys by rate_limit_aware, each with a rate limit, behind a queue',
      open: async () => wholeCalls(keyedTree(upstream)),
    },
  ],
};

function picks(count: number): Operation {
  const weights = Array.from({ length: count }, (_, index) => 1 + (index % 7));
  const picker = algorithms.weighted(weights, Math.random);
  return () => {
    for (let i = 0; i < batch; i++) picker.pick();
    return undefined;
  };
}

const replyText = JSON.stringify(chatReply);

const runtime: Runtime = {
  clock: systemClock,
  random: Math.random,
  requestId: () => 'request',
  traceId: () => 'trace',
  events: createEventHub(),
  transport: instantNetwork(replyText),
};

const reply: Reply = {
  status: 200,
  headers: {},
  target: { path: 'config', targetId: 'idle', provider: 'openai' },
  body: { kind: 'json', value: {} },
  retries: 0,
  cache: 'DISABLED',
  onSettle: (listener) => listener({ result: 'success' }),
};

const idle: Handler = async () => reply;

function loadbalanced(...handlers: readonly Handler[]): Handler {
  const picker = algorithms.weighted([0.5, 0.5], runtime.random);
  return loadbalance(handlers.map(toChild), { path: 'config', picker, failover: false });
}

function cookbook(): Handler {
  const target = compose(
    [
      observe({ path: 'config', provider: 'openai' }, runtime, createTargetState('t', 'openai')),
      timeout({}, systemClock),
    ],
    idle,
  );
  return loadbalanced(target, fallback([target, target].map(toChild), { path: 'config' }, runtime.events));
}

function toChild(handler: Handler, index: number): Child {
  return { path: `config.targets[${index}]`, handler, weight: 0.5 };
}

function awaited(handler: Handler): Operation {
  const request = { endpoint: 'chat/completions', body: chatRequest } as const;
  const { signal } = new AbortController();
  return async () => {
    for (let i = 0; i < batch; i++) {
      const context: RequestContext = {
        requestId: 'request',
        traceId: 'trace',
        metadata: {},
        pathname: '/v1/chat/completions',
        signal,
        attempts: [],
        call: {},
      };
      await handler(request, context);
    }
  };
}

function wholeCalls(config: object): Operation {
  const { completions } = chat(createCaller({ config }, runtime));
  return async () => {
    for (let i = 0; i < batch; i++) await completions.create(chatRequest);
  };
}
