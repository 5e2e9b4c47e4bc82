import { expect, it } from 'vitest';
import { browsers } from '../../support/browser.ts';
import { served } from '../../support/served.ts';
import { fallback, simulated } from '../../support/simulated.ts';

const simulator = simulated();
const browser = browsers();
const config = () =>
  fallback([
    { ...simulator.target('openai'), name: 'first' },
    { ...simulator.target('groq'), name: 'second' },
  ]);

it('a person sends a message, sees who was asked, reads the reply, goes on, and opens its log', async () => {
  const { url } = await served({ config: config(), console: true, logs: {} });
  const { page, picture, expectFit } = await browser.visit(`${url}/console/playground`);
  await page.getByLabel('System').fill('Be brief.');
  await page.getByLabel('Message').fill('Hello');
  simulator.script('openai', [{ status: 500 }]);
  simulator.script('groq', [{ text: 'Good morning <b>you</b>' }, { text: 'Again' }]);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('link', { name: 'Its log' }).waitFor();
  expect(await page.locator('.said.assistant .words').innerText()).toBe('Good morning <b>you</b>');
  expect(await page.locator('.node.failed').innerText()).toMatch(/first.*500 · server/s);
  expect(await page.locator('.node.answered').innerText()).toMatch(/second.*200/s);
  await expectFit();
  await picture('playground-wide-light');
  await page.getByLabel('Message').fill('And again');
  await page.getByLabel('Stream').uncheck();
  simulator.script('openai', [{ status: 500 }]);
  await page.keyboard.press('Tab');
  await page.getByLabel('Message').press('Control+Enter');
  await page.getByText('Again', { exact: true }).waitFor();
  expect(simulator.bodies('groq')[1]).toMatchObject({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Good morning <b>you</b>' },
      { role: 'user', content: 'And again' },
    ],
  });
  await page.getByRole('link', { name: 'Its log' }).last().click();
  await page.getByRole('heading', { name: 'Attempts' }).waitFor();
});

it('says what went wrong, stops when told to, and fits a narrow dark screen', async () => {
  const { url } = await served({ config: config(), console: true });
  const { page, picture, expectFit } = await browser.visit(`${url}/console/playground`, {
    width: 390,
    colorScheme: 'dark',
  });
  const send = async (message: string) => {
    await page.getByLabel('Message').fill(message);
    await page.getByRole('button', { name: 'Send' }).click();
  };
  for (const provider of ['openai', 'groq']) simulator.script(provider, [{ status: 500 }]);
  await send('Hello');
  await page.locator('.said .notice.bad').waitFor();
  await expect.poll(() => page.locator('.node.failed').count()).toBe(2);
  simulator.script('openai', [{ text: 'one two three four five six', stallAfterChunks: 2 }]);
  await send('Hello again');
  await page.getByText('one').last().waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped.').waitFor();
  await expectFit();
  await picture('playground-narrow-dark');
  await page.getByLabel('Config', { exact: true }).fill('pc-nobody');
  await page.getByLabel('Model').focus();
  await page.locator('[data-tree] .notice.bad').waitFor();
});

it('is nothing for those who have not signed in, nor for pages of others', async () => {
  const { url } = await served({ config: config(), console: true, adminKey: 'admin' });
  const ask = (headers: Record<string, string>) =>
    fetch(`${url}/console/playground/run`, { method: 'POST', headers, body: '{"body":{}}' }).then(
      ({ status }) => status,
    );
  expect([await ask({ origin: url }), await ask({ origin: 'https://evil.example.com' })]).toEqual([401, 403]);
  expect(simulator.called()).toEqual([]);
});
