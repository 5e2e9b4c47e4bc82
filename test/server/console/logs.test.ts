import { expect, it } from 'vitest';
import { browsers } from '../../support/browser.ts';
import { served } from '../../support/served.ts';
import { fallback, hello, simulated } from '../../support/simulated.ts';

const simulator = simulated();
const browser = browsers();

const config = () =>
  fallback([
    { ...simulator.target('openai'), name: 'first', retry: { attempts: 1 } },
    {
      strategy: { mode: 'loadbalance' },
      targets: [
        simulator.target('anthropic', { override_params: { model: 'claude-sonnet-4-5' } }),
        simulator.target('groq'),
      ],
    },
  ]);

/** A server with a console, logs in memory, and this many calls behind it. */
async function serving() {
  const server = await served({
    config: config(),
    console: true,
    logs: { bodies: true },
    priceList: 'genai-prices',
    random: () => 0,
  });
  const call = (headers: Record<string, string> = {}, body: object = {}) =>
    fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ ...hello, ...body }),
    }).then((response) => response.text());
  return { ...server, url: server.url, call };
}

it('a person finds a request that fell back, reads how it went, and copies a command that sends it again', async () => {
  const { url, call } = await serving();
  await call({ 'x-portkey-trace-id': 'plain' });
  simulator.script('openai', [{ status: 500 }, { status: 503 }]);
  await call({ 'x-portkey-trace-id': 'rescued', 'x-portkey-metadata': '{"customer":"Zoë"}' }, { stream: true });
  const { page, picture, expectFit } = await browser.visit(`${url}/console`);
  expect(new URL(page.url()).pathname).toBe('/console/logs');
  await expectFit();
  await picture('logs-wide-light');
  await expect.poll(() => page.locator('tbody tr').count()).toBe(2);
  await page.getByLabel('What happened').selectOption('fallback');
  await page.waitForURL(/mark=fallback/);
  await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
  await page.locator('tbody tr a').first().click();
  await page.getByRole('heading', { name: 'Way through the config' }).waitFor();
  await picture('log-wide-light');
  await expect.poll(() => page.locator('.node').count()).toBe(5);
  expect(await page.locator('#replay').innerText()).toContain(`curl '${url}/v1/chat/completions'`);
});

it('the list keeps itself up to date until it is told to pause', async () => {
  const { url, call } = await serving();
  const { page } = await browser.visit(`${url}/console/logs`);
  await page.getByText('No requests yet').waitFor();
  await call({ 'x-portkey-trace-id': 'one' });
  await page.locator('tbody tr').waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await call({ 'x-portkey-trace-id': 'two' });
  await page.getByText('Paused').waitFor();
  await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.locator('tbody tr').nth(1).waitFor();
});

it('on a narrow dark screen everything stands below each other', async () => {
  const { url, call } = await serving();
  await call({ 'x-portkey-trace-id': 'a-trace-id-that-is-rather-long-as-they-are' });
  simulator.script('openai', [{ status: 500 }, { status: 503 }]);
  await call({ 'x-portkey-metadata': '{"customer":"<script>alert(1)</script>"}' });
  simulator.script('openai', [{ status: 400 }]);
  await call();
  const { page, picture, expectFit } = await browser.visit(`${url}/console/logs`, { width: 390, colorScheme: 'dark' });
  await expectFit();
  await picture('logs-narrow-dark');
  await page.goto(`${url}/console/logs?mark=retry`);
  await page.locator('tbody tr a').first().click();
  await page.getByRole('heading', { name: 'Attempts' }).waitFor();
  await expectFit();
  await picture('log-narrow-dark');
  expect(await page.getByText('<script>alert(1)</script>').first().isVisible()).toBe(true);
});

it('filters by what a person types, says what it looks for, and takes it back', async () => {
  const { url, call } = await serving();
  await call({ 'x-portkey-trace-id': 'mine', 'x-portkey-metadata': '{"customer":"Zoë","plan":"pro"}' });
  await call();
  simulator.script('openai', [{ status: 400 }]);
  await call();
  const { page, picture } = await browser.visit(`${url}/console/logs`, { colorScheme: 'dark' });
  const count = () => page.locator('tbody tr').count();
  await page.getByText('More filters').click();
  await page.getByLabel('Metadata').fill('customer=Zoë, plan=pro');
  await page.keyboard.press('Enter');
  await page.waitForURL(/metadata=/);
  await expect.poll(count).toBe(1);
  await picture('logs-filtered-wide-dark');
  await page.getByRole('link', { name: 'Without Metadata' }).click();
  await page.waitForURL(/logs$/);
  await page.getByText('More filters').click();
  expect(await page.locator('select[name="cache"] option').count()).toBe(7);
  await page.getByLabel('Status').fill('200, 404');
  await page.keyboard.press('Enter');
  await page.waitForURL(/status=/);
  await expect.poll(count).toBe(3);
  await page.goto(`${url}/console/logs?status=404`);
  await page.getByText('Nothing found').waitFor();
  await page.goto(`${url}/console/logs?cache=DISABLED`);
  await expect.poll(count).toBe(3);
  await page.goto(`${url}/console/logs?cache=HIT`);
  await page.getByText('Nothing found').waitFor();
  await page.goto(`${url}/console/logs?status=many`);
  await page.getByText('This cannot be looked for').waitFor();
  await page.goto(`${url}/console/logs?trace_id=mine&range=1h`);
  await expect.poll(count).toBe(1);
  await page.goto(`${url}/console/logs?to=2020-01-01T00:00:00.000Z`);
  await page.getByText('Nothing found').waitFor();
});

it('goes through pages of fifty', async () => {
  const { url, call } = await serving();
  for (let index = 0; index < 52; index++) await call();
  const { page } = await browser.visit(`${url}/console/logs`);
  await expect.poll(() => page.locator('tbody tr').count()).toBe(50);
  await page.getByRole('link', { name: 'Older' }).click();
  await page.waitForURL(/after=/);
  await expect.poll(() => page.locator('tbody tr').count()).toBe(2);
  await page.getByRole('link', { name: 'Latest' }).click();
  await page.waitForURL(/logs$/);
});

it('says that a server keeps no logs, and that a request is not kept', async () => {
  const { url } = await served({ config: config(), console: true });
  const { page, picture } = await browser.visit(`${url}/console`);
  await page.getByText('This server keeps no logs').waitFor();
  await picture('no-logs-wide-light');
  await page.goto(`${url}/console/logs/nothing`);
  await page.getByText('This request is not kept').waitFor();
  await page.goto(`${url}/console/nowhere`);
  await page.getByText('There is no such page').waitFor();
});

it('works without a mouse', async () => {
  const { url, call } = await serving();
  await call();
  const { page } = await browser.visit(`${url}/console/logs`);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
  await page.keyboard.press('Enter');
  const row = page.locator('tbody tr a').first();
  for (let tabs = 0; tabs < 30 && !(await row.evaluate((link) => link === document.activeElement)); tabs++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Attempts' }).waitFor();
});
