import { expect, it } from 'vitest';
import { traceText } from '../../src/index.ts';
import { fallback, hello, simulated } from '../support/simulated.ts';

const simulator = simulated();
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentSpanId = '00f067aa0ba902b7';
const traceparent = `00-${traceId}-${parentSpanId}-01`;

it('shows calls with one trace ID as one tree, with what judged them', async () => {
  const portkey = simulator.client(
    fallback([simulator.target('openai', { name: 'first' }), simulator.target('azure-openai', { name: 'second' })]),
  );
  await portkey.chat.completions.create(hello, { traceID: 'agent', spanId: 'root', spanName: 'plan' });
  simulator.behave('openai', { status: 503 });
  await portkey.chat.completions.create(hello, { traceID: 'agent', parentSpanId: 'root' });
  await portkey.feedback.create({ traceID: 'agent', value: 10 });
  const trace = await portkey.logs.trace('agent');
  expect(trace?.totals).toMatchObject({ requests: 2, attempts: 3, failures: 0 });
  expect(trace?.feedback).toMatchObject([{ value: 10 }]);
  const lines = traceText(trace ?? ({} as never))
    .split('\n')
    .map((line) => line.replaceAll(/: .*/g, ''));
  expect(lines).toEqual([
    'agent',
    '└─ plan gpt-4o',
    '   ├─ fallback (config)',
    '   │  └─ ✔ first (openai gpt-4o)',
    '   └─ chat/completions gpt-4o',
    '      └─ fallback (config)',
    '         ├─ ✘ first (openai gpt-4o)',
    '         └─ ✔ second (azure-openai gpt-4o)',
    '',
  ]);
  expect(await portkey.logs.trace('unknown')).toBeNull();
});

it('places a call in the trace that its headers name', async () => {
  const portkey = simulator.client(simulator.target('openai'), { metadata: { tier: 'paid' } });
  await portkey.chat.completions.create(hello, undefined, {
    headers: { Traceparent: traceparent, baggage: 'customer=Zo%C3%AB,tier=free' },
  });
  const { data } = await portkey.logs.list();
  expect(data).toMatchObject([{ traceId, parentSpanId, metadata: { customer: 'Zoë', tier: 'paid' } }]);
});

it('lets the options of a call beat its headers, and the headers the options of the client', async () => {
  const portkey = simulator.client(simulator.target('openai'), { traceID: 'of the client' });
  const options = { headers: { traceparent } };
  await portkey.chat.completions.create(hello, { traceID: 'of the call', parentSpanId: 'mine' }, options);
  await portkey.chat.completions.create(hello, {}, options);
  const { data } = await portkey.logs.list();
  expect(data.map((entry) => [entry.traceId, entry.parentSpanId])).toEqual([
    [traceId, parentSpanId],
    ['of the call', 'mine'],
  ]);
});

it('passes over headers that are no trace context', async () => {
  const portkey = simulator.client(simulator.target('openai'), { traceID: 'of the client' });
  await portkey.chat.completions.create(hello, {}, { headers: { traceparent: 'nonsense' } });
  expect((await portkey.logs.list()).data).toMatchObject([{ traceId: 'of the client' }]);
});

it('tells a provider of the trace only where the config says so, each attempt with a span of its own', async () => {
  simulator.behave('openai', { status: 500 });
  const portkey = simulator.client(
    fallback([
      simulator.target('openai', { forward_headers: ['traceparent', 'baggage'] }),
      simulator.target('azure-openai'),
    ]),
  );
  const options = { headers: { traceparent, tracestate: 'a=b', baggage: 'k=v' } };
  await portkey.chat.completions.create(hello, {}, options);
  await portkey.chat.completions.create(hello, { traceID: 'my trace' });
  const [first, second] = simulator.requests('openai').map(({ headers }) => headers);
  const [third] = simulator.requests('azure-openai').map(({ headers }) => headers);
  const spans = (await portkey.logs.list()).data.toReversed().map(({ attempts }) => attempts[0]?.spanId);
  expect(spans[0]).toMatch(/^[\da-f]{16}$/);
  expect(first).toMatchObject({ traceparent: `00-${traceId}-${spans[0]}-01`, baggage: 'k=v' });
  expect(first).not.toHaveProperty('tracestate');
  expect(second?.['traceparent']).toMatch(new RegExp(`^00-[\\da-f]{32}-${spans[1]}-01$`));
  expect([third?.['traceparent'], third?.['baggage']]).toEqual([undefined, undefined]);
});
