import { expect, it } from 'vitest';
import { browsers } from '../../support/browser.ts';
import { served } from '../../support/served.ts';
import { fallback, hello, simulated } from '../../support/simulated.ts';

const simulator = simulated();
const browser = browsers();

/** A server over two targets, of which the first has limits, and cools after its first failure. */
async function serving() {
  const limits = {
    rate_limit: [
      { requests: 20, per: '1m' },
      { tokens: 40_000, per: '1m' },
    ],
    budget: { amount: 5, period: 'day' },
  };
  const config = fallback(
    [
      { ...simulator.target('openai'), id: 'first', ...limits },
      { ...simulator.target('groq'), id: 'second' },
    ],
    {},
    { cooldown: { allowed_fails: 0 } },
  );
  const { url } = await served({ config, console: true, priceList: 'genai-prices' });
  const call = async () => {
    const headers = { 'content-type': 'application/json' };
    await (await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body: JSON.stringify(hello) })).text();
  };
  return { url, call };
}

it('a person sees how targets are doing, takes one out of use, and puts it back', async () => {
  const { url, call } = await serving();
  await call();
  const { page, picture, expectFit } = await browser.visit(`${url}/console/targets`);
  const row = (id: string) => page.locator('tbody tr', { hasText: id });
  expect(await row('first').innerText()).toMatch(/Ready.*requests per minute 19 of 20 left/s);
  await expectFit();
  page.on('dialog', (dialog) => dialog.accept());
  await row('first').getByRole('button', { name: 'Take out' }).click();
  await row('first').getByText('Out of use').waitFor();
  await picture('targets-wide-light');
  await call();
  expect(simulator.called()).toEqual(['openai', 'groq']);
  await row('first').getByRole('button', { name: 'Put back' }).click();
  await row('first').getByText('Ready').waitFor();
});

it('the page follows what happens, and fits a narrow dark screen', async () => {
  const { url, call } = await serving();
  const { page, picture, expectFit } = await browser.visit(`${url}/console/targets`, {
    width: 390,
    colorScheme: 'dark',
  });
  await page.locator('tbody tr', { hasText: 'first' }).getByText('Ready').waitFor();
  simulator.script('openai', [{ status: 500 }]);
  await call();
  await page.locator('tbody tr', { hasText: 'first' }).getByText('Cooling down').waitFor();
  await expectFit();
  await picture('targets-narrow-dark');
});

it('without a config there is nothing to show yet, and a target that is not there is not turned', async () => {
  const { url } = await served({ console: true });
  const { page } = await browser.visit(`${url}/console/targets`);
  await page.getByText('No targets yet').waitFor();
  const answer = await fetch(`${url}/console/targets/nobody/disable`, { method: 'POST', headers: { origin: url } });
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('No target has the ID')]);
});
