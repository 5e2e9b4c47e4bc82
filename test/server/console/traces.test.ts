import { expect, it } from 'vitest';
import { browsers } from '../../support/browser.ts';
import { served } from '../../support/served.ts';
import { fallback, hello, simulated } from '../../support/simulated.ts';

const simulator = simulated();
const browser = browsers();

/** A server with a console and one trace of an agent: a plan, and two calls below it, of which the second falls back. */
async function agentTrace() {
  const config = fallback([
    { ...simulator.target('openai'), name: 'first' },
    { strategy: { mode: 'loadbalance' }, targets: [simulator.target('groq')] },
  ]);
  const server = await served({ config, console: true, logs: {}, priceList: 'genai-prices' });
  const call = async (headers: Record<string, string>) => {
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(hello),
    });
    await response.text();
  };
  const below = { 'x-portkey-trace-id': 'agent/1', 'x-portkey-parent-span-id': 'plan' };
  await call({ 'x-portkey-trace-id': 'agent/1', 'x-portkey-span-id': 'plan', 'x-portkey-span-name': 'Plan' });
  await call({ ...below, 'x-portkey-span-name': 'Search' });
  simulator.script('openai', [{ status: 500 }]);
  await call({ ...below, 'x-portkey-span-name': 'Answer' });
  await call({ 'x-portkey-trace-id': 'other' });
  const feedback = { trace_id: 'agent/1', value: 5 };
  await fetch(`${server.url}/v1/feedback`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(feedback),
  });
  return { ...server, url: server.url, call };
}

it('a person sees which requests belong together, opens a trace, and reads where its time and money went', async () => {
  const { url } = await agentTrace();
  const { page, picture, expectFit } = await browser.visit(`${url}/console/traces`, { colorScheme: 'dark' });
  expect(await page.locator('tbody tr').allInnerTexts()).toEqual([
    expect.stringMatching(/^other\s/),
    expect.stringMatching(/^agent\/1\s.*All succeeded\s*Feedback\s+3\s+4\s/s),
  ]);
  await picture('traces-wide-dark');
  await page.getByRole('link', { name: 'agent/1' }).click();
  await page.getByRole('heading', { name: 'Timeline' }).waitFor();
  await expectFit();
  await picture('trace-wide-dark');
  const names = await page.locator('.spans tbody td:first-child').allInnerTexts();
  expect(names.map((name) => name.split(/[\s\n]/)[0])).toEqual([
    'Plan',
    'Fallback',
    'first',
    'Search',
    'Fallback',
    'first',
    'Answer',
    'Fallback',
    'first',
    'Load',
    'groq',
  ]);
  await page.getByRole('link', { name: 'Answer' }).click();
  await page.getByRole('heading', { name: 'Way through the config' }).waitFor();
});

it('on a narrow light screen a trace stays readable, and one that is gone says so', async () => {
  const { url } = await agentTrace();
  const { page, picture, expectFit } = await browser.visit(`${url}/console/traces`, { width: 390 });
  await expectFit();
  await picture('traces-narrow-light');
  await page.goto(`${url}/console/traces/${encodeURIComponent('agent/1')}`);
  await expectFit();
  await picture('trace-narrow-light');
  await page.goto(`${url}/console/traces/none`);
  await page.getByText('This trace is not kept').waitFor();
});

it('a trace stands on the page of its latest request, and on no other', async () => {
  const { url, call } = await agentTrace();
  for (let index = 0; index < 30; index++) await call({ 'x-portkey-trace-id': `trace-${index}` });
  await call({ 'x-portkey-trace-id': 'agent/1' });
  const { page } = await browser.visit(`${url}/console/traces`);
  const shown = () => page.locator('tbody tr td:first-child').allInnerTexts();
  const first = await shown();
  await page.getByRole('link', { name: 'Older' }).click();
  await page.waitForURL(/after=/);
  const second = await shown();
  expect([first.length, first[0], second.length]).toEqual([25, 'agent/1', 7]);
  expect(new Set([...first, ...second]).size).toBe(32);
  await page.goto(`${url}/console/traces?mark=fallback`);
  expect(await shown()).toEqual(['agent/1']);
});
