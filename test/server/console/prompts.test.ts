import { expect, it } from 'vitest';
import { browsers } from '../../support/browser.ts';
import { served } from '../../support/served.ts';
import { simulated } from '../../support/simulated.ts';

const simulator = simulated();
const browser = browsers();

it('a person writes a prompt, writes it anew, puts the new version in use, and deletes it', async () => {
  const { url } = await served({ console: true, config: simulator.target('openai') });
  const { page, picture, expectFit } = await browser.visit(`${url}/console/prompts`, {
    width: 390,
    colorScheme: 'dark',
  });
  await page.getByText('No prompts yet').waitFor();
  const messages = (text: string) => JSON.stringify([{ role: 'user', content: text }]);
  await page.getByLabel('Name', { exact: true }).fill('Summary');
  await page.locator('input[name="model"]').fill('gpt-4o');
  await page.locator('textarea').fill('{{#open}} never closed');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Summary');
  await page.locator('textarea').fill(messages('Say {{this}}'));
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('The prompt is there.').waitFor();
  const slug = await page.locator('.id-line code').innerText();
  await page.locator('textarea').fill(messages('Sum up {{this}}'));
  await page.getByRole('button', { name: 'Save as a new version' }).click();
  await page.getByText('The new version is kept.').waitFor();
  const send = async () => {
    const response = await fetch(`${url}/v1/prompts/${slug}/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ variables: { this: 'it' } }),
    });
    await response.text();
    return JSON.stringify(simulator.bodies('openai').at(-1));
  };
  expect(await send()).toContain('Say it');
  await page.locator('summary', { hasText: 'Version 2' }).click();
  expect(await page.locator('.diff-line.added').innerText()).toContain('Sum up {{this}}');
  await expectFit();
  await picture('prompt-narrow-dark');
  await page.getByRole('button', { name: 'Use version 2' }).click();
  await page.getByText('Calls that name no version use this one').waitFor();
  expect(await send()).toContain('Sum up it');
  await page.getByRole('link', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('The prompt is deleted.').waitFor();
  await page.goto(`${url}/console/prompts/${slug}`);
  await page.getByText('There is no such prompt').waitFor();
});
