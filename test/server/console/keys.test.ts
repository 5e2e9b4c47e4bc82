import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { browsers } from '../../support/browser.ts';
import { served } from '../../support/served.ts';
import { hello, simulated } from '../../support/simulated.ts';

const simulator = simulated();
const browser = browsers();

async function ask(url: string, headers: Record<string, string>) {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(hello),
  });
  await response.text();
  return response.status;
}

it('a person keeps a virtual key, sends with it, rotates and deletes it, and never sees it again', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'modelmux-keys-')), 'keys.vault');
  const config = { virtual_key: 'openai-prod', custom_host: simulator.baseUrl('openai') };
  const { url } = await served({
    console: true,
    vault: { file, passphrase: 'a passphrase of the test' },
    configs: { main: config },
  });
  const { page, picture, expectFit } = await browser.visit(`${url}/console/virtual-keys`);
  await page.getByText('No virtual keys yet').waitFor();
  await page.getByLabel('Name in configs').fill('openai-prod');
  await page.getByLabel('Provider', { exact: true }).fill('opnai');
  await page.locator('input[name="key"]').fill('sk-first-secret-of-the-test-1111');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByText('Did you mean "openai"?').waitFor();
  expect(await page.content()).not.toContain('sk-first');
  await page.getByLabel('Provider', { exact: true }).fill('openai');
  await page.locator('input[name="key"]').fill('sk-first-secret-of-the-test-1111');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByText('openai-prod is there.').waitFor();
  expect(await page.content()).not.toContain('sk-first');
  expect(await page.locator('tbody').innerText()).toContain('…1111');
  await expectFit();
  await picture('virtual-keys-wide-light');
  expect(await ask(url, { 'x-portkey-config': 'main' })).toBe(200);
  await page.getByRole('link', { name: 'Limits of openai-prod' }).click();
  await page.getByLabel('May use').fill('10');
  await page.getByLabel('Warn from').fill('20');
  await page.getByLabel('Begins anew').selectOption('monthly');
  await page.getByLabel('Rate limit 1').fill('1');
  await page.getByLabel('In any').selectOption('day');
  await page.getByLabel('Note').fill('for the tests');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('usage_limits.alert_threshold: must be at most credit_limit').waitFor();
  await expectFit();
  await page.getByLabel('Warn from').fill('8');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('has its new limits').waitFor();
  expect(await page.locator('tbody').innerText()).toContain('10 USD monthly, 1 requests a day');
  expect(await page.locator('tbody').innerText()).toContain('for the tests');
  await expectFit();
  await picture('virtual-keys-limits-wide-light');
  expect(await ask(url, { 'x-portkey-config': 'main' })).toBe(200);
  expect(await ask(url, { 'x-portkey-config': 'main' })).toBe(429);
  await page.getByRole('link', { name: 'Limits of openai-prod' }).click();
  expect(await page.getByLabel('Rate limit 1').inputValue()).toBe('1');
  await page.getByLabel('Rate limit 1').fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('has its new limits').waitFor();
  await page.getByRole('link', { name: 'Rotate openai-prod' }).click();
  await page.getByLabel('New key').fill('sk-second-secret-of-the-test-2222');
  await page.getByRole('button', { name: 'Rotate' }).click();
  await page.getByText('has its new key').waitFor();
  expect(await ask(url, { 'x-portkey-config': 'main' })).toBe(200);
  const sent = simulator.requests('openai').map(({ headers }) => new Headers(headers as never).get('authorization'));
  const first = 'Bearer sk-first-secret-of-the-test-1111';
  expect(sent).toEqual([first, first, 'Bearer sk-second-secret-of-the-test-2222']);
  await page.getByRole('link', { name: 'Delete openai-prod' }).click();
  expect(await page.getByText('Configs that name it:').innerText()).toContain('main');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No virtual keys yet').waitFor();
});

it('says that virtual keys are only looked up, and how to make them changeable', async () => {
  const virtualKeys = { 'openai-prod': { provider: 'openai', api_key: 'sk-secret-of-the-option' } };
  const { url } = await served({ console: true, virtualKeys });
  const { page, picture, expectFit } = await browser.visit(`${url}/console/virtual-keys`, {
    width: 390,
    colorScheme: 'dark',
  });
  await page.getByText('modelmux serve --vault keys.vault').waitFor();
  expect(await page.locator('tbody').innerText()).toContain('looked up');
  expect(await page.content()).not.toContain('sk-secret');
  expect(await page.getByRole('button', { name: 'Add' }).count()).toBe(0);
  await expectFit();
  await picture('virtual-keys-narrow-dark');
  const headers = { origin: url };
  const body = new URLSearchParams({ name: 'more', provider: 'openai', key: 'sk-x' });
  expect((await fetch(`${url}/console/virtual-keys`, { method: 'POST', headers, body })).status).toBe(422);
});

it('a person makes a key of the server, which is shown once, uses, blocks and deletes it', async () => {
  const { url } = await served({ console: true, adminKey: 'the-admin-key', config: simulator.target('openai') });
  const { page, picture, expectFit } = await browser.visit(`${url}/console/api-keys`, { colorScheme: 'dark' });
  await page.getByLabel('Admin key').fill('the-admin-key');
  await page.keyboard.press('Enter');
  await page.getByText('No keys issued').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('mobile');
  await page.getByLabel('Budget in US dollars').fill('plenty');
  await page.getByRole('button', { name: 'Make a key' }).click();
  await page.getByText('"max_budget"').waitFor();
  await page.getByLabel('Budget in US dollars').fill('5');
  await page.getByLabel('Models').fill('gpt-4o, claude-*');
  await page.getByLabel('Requests a minute').fill('60');
  await page.getByRole('button', { name: 'Make a key' }).click();
  await page.getByText('Copy it now').waitFor();
  const key = await page.locator('#made').innerText();
  await expectFit();
  await picture('api-keys-wide-dark');
  const headers = { authorization: `Bearer ${key}` };
  expect(await ask(url, headers)).toBe(200);
  await page.goto(`${url}/console/api-keys`);
  expect(await page.content()).not.toContain(key);
  expect(await page.locator('tbody').innerText()).toContain('60 requests a minute');
  await page.getByRole('button', { name: 'Block mobile' }).click();
  await page.getByText('The key is blocked.').waitFor();
  expect(await ask(url, headers)).not.toBe(200);
  await page.getByRole('button', { name: 'Unblock mobile' }).click();
  await page.getByText('opens the server again').waitFor();
  expect(await ask(url, headers)).toBe(200);
  await page.getByRole('link', { name: 'Delete mobile' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('The key is deleted.').waitFor();
  expect(await ask(url, headers)).toBe(401);
});
