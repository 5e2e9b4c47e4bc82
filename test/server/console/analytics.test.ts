import { expect, it } from 'vitest';
import { browsers } from '../../support/browser.ts';
import { served } from '../../support/served.ts';
import { fallback, hello, simulated } from '../../support/simulated.ts';

const simulator = simulated();
const browser = browsers();

/** A server with twelve calls behind it: ten plain ones of two plans, one that fell back, one out of the cache. */
async function serving() {
  const config = fallback([simulator.target('openai'), simulator.target('groq')], {}, { cache: { mode: 'simple' } });
  const server = await served({ config, console: true, logs: {}, priceList: 'genai-prices' });
  const call = async (content: string, plan: string) => {
    const headers = { 'content-type': 'application/json', 'x-portkey-metadata': JSON.stringify({ plan }) };
    const body = JSON.stringify({ ...hello, messages: [{ role: 'user', content }] });
    await (await fetch(`${server.url}/v1/chat/completions`, { method: 'POST', headers, body })).text();
  };
  for (let index = 0; index < 10; index++) await call(`question ${index}`, index < 7 ? 'pro' : 'free');
  await call('question 0', 'pro');
  simulator.script('openai', [{ status: 500 }]);
  await call('another', 'free');
  return { url: server.url };
}

it('a person sees what requests come to, and keeps them apart by what they like', async () => {
  const { url } = await serving();
  const { page, picture, expectFit } = await browser.visit(`${url}/console/analytics`);
  await page.locator('.uplot canvas').nth(3).waitFor();
  expect(await page.locator('.tile').first().innerText()).toBe('Requests\n12');
  expect(await page.locator('.tile', { hasText: 'Rescued' }).innerText()).toBe('Rescued\n1\n0 by retry, 1 by fallback');
  expect(await page.locator('.tile', { hasText: 'From cache' }).innerText()).toMatch(
    /^From cache\n1\n8\.3 %, about \$0\.000/,
  );
  await expectFit();
  await picture('analytics-wide-light');
  await page.getByLabel('Kept apart by').selectOption('metadata');
  await page.getByLabel('Key of metadata').fill('plan');
  await page.keyboard.press('Enter');
  await page.waitForURL(/key=plan/);
  const rows = page.getByRole('region', { name: 'By metadata' }).locator('tbody tr');
  expect((await rows.allInnerTexts()).map((row) => row.split(/\s+/).slice(0, 2))).toEqual([
    ['pro', '8'],
    ['free', '4'],
  ]);
  await rows.first().getByRole('link').click();
  await page.waitForURL(/\/console\/logs\?range=24h&metadata=plan%3Dpro/);
  await expect.poll(() => page.locator('tbody tr').count()).toBe(8);
});

it('fits a narrow dark screen, draws again in other colours, and says where nothing was asked', async () => {
  const { url } = await serving();
  const { page, picture, expectFit } = await browser.visit(`${url}/console/analytics?range=1h&by=provider`, {
    width: 390,
    colorScheme: 'dark',
  });
  await page.locator('.uplot canvas').nth(3).waitFor();
  await expectFit();
  await picture('analytics-narrow-dark');
  await page.getByRole('button', { name: 'Use light colours' }).click();
  await expect.poll(() => page.locator('.uplot canvas').count()).toBe(4);
  await page.getByText('The same as a table').click();
  await expectFit();
  await page.goto(`${url}/console/analytics?model=nobody-asked`);
  await page.getByText('No requests in this time').waitFor();
});

it('over HTTP, sums are asked as logs are, and what cannot be meant is refused', async () => {
  const { url } = await serving();
  const ask = async (query: string) => {
    const response = await fetch(`${url}/v1/logs/analytics?${query}`);
    return { status: response.status, body: await response.json() };
  };
  const { body } = await ask('by=provider');
  expect(body).toMatchObject({
    object: 'analytics',
    data: [
      { time: 0, group: 'openai', requests: 11, failures: 0, cacheHits: 1, latencyMs: { p50: expect.any(Number) } },
      { time: 0, group: 'groq', requests: 1, rescuedByFallback: 1 },
    ],
  });
  expect((await ask(`every=3600000&metadata=${encodeURIComponent('{"plan":"free"}')}`)).body.data[0]).toMatchObject({
    requests: 4,
  });
  for (const query of ['by=colour', 'every=5', 'limit=3', 'what=1']) expect((await ask(query)).status).toBe(400);
});
