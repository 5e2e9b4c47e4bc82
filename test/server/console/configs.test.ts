import { expect, it } from 'vitest';
import { Portkey } from '../../../src/index.ts';
import { browsers } from '../../support/browser.ts';
import { served } from '../../support/served.ts';
import { hello, simulated } from '../../support/simulated.ts';

const simulator = simulated();
const browser = browsers();

/** A server with a console, and how to ask it through a config. */
async function serving() {
  const server = await served({ console: true, logs: {}, random: () => 0 });
  const api = new Portkey({ baseURL: `${server.url}/v1` });
  const call = async (config: string) => {
    const headers = { 'content-type': 'application/json', 'x-portkey-config': config };
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers,
      body: JSON.stringify(hello),
    });
    await response.text();
    return response.status;
  };
  return { url: server.url, api, call, flush: () => server.flush() };
}

const split = (first: number, second: number) => ({
  strategy: { mode: 'loadbalance' },
  targets: [
    { ...simulator.target('openai'), name: 'main', weight: first },
    { ...simulator.target('groq'), name: 'canary', weight: second, rpm: 600 },
  ],
});

it('a person makes a config, is told of mistakes while typing, uses it, moves its shares and goes back', async () => {
  const { url, call, flush } = await serving();
  const { page, picture, expectFit } = await browser.visit(`${url}/console/configs`);
  await page.getByText('No configs yet').waitFor();
  await picture('configs-empty-wide-light');
  await page.getByRole('link', { name: 'New config' }).click();
  await page.getByText('This config can be saved.').waitFor();
  await expectFit();
  await picture('configs-new-wide-light');
  const text = page.getByLabel('Config as JSON');
  const broken = { ...split(100, 0), strategy: { mode: 'loadbalanse' }, retries: 3 };
  await text.fill(JSON.stringify(broken, undefined, 2));
  await page.getByText('2 problems').waitFor();
  expect(await page.getByRole('button', { name: 'Create' }).isDisabled()).toBe(true);
  const lines = JSON.stringify(broken, undefined, 2).split('\n');
  const wrong = lines.findIndex((line) => line.includes('loadbalanse')) + 1;
  expect(await page.locator('.problems').innerText()).toContain(`Line ${wrong}`);
  expect(await page.locator('.gutter .wrong').allInnerTexts()).toContain(String(wrong));
  await picture('configs-problems-wide-light');
  await page.getByRole('button', { name: `Line ${wrong}` }).click();
  expect(
    await text.evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd)),
  ).toContain('loadbalanse');
  await text.fill(`${JSON.stringify(split(100, 0), undefined, 2)},`);
  await page.getByText('This is no valid JSON').waitFor();
  await text.fill(JSON.stringify(split(100, 0), undefined, 2));
  await page.getByText('This config can be saved.').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('Chat');
  await page.getByLabel('ID').last().fill('pc-chat');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('The config is there.').waitFor();
  for (let calls = 0; calls < 4; calls++) expect(await call('pc-chat')).toBe(200);
  expect(simulator.called()).toEqual(['openai', 'openai', 'openai', 'openai']);
  await flush();
  await page.getByText('who answered the 4 calls').waitFor();
  expect(await page.locator('.node', { hasText: 'main' }).innerText()).toContain('100 % of calls');
  await expectFit();
  await picture('config-wide-light');
  expect(await page.content()).not.toContain('key-of-openai');

  await page.getByLabel('canary').fill('75');
  await expect.poll(() => page.locator('.share output').allInnerTexts()).toEqual(['25 %', '75 %']);
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('The shares are changed.').waitFor();
  const before = simulator.called().length;
  for (let calls = 0; calls < 4; calls++) expect(await call('pc-chat')).toBe(200);
  expect(simulator.called().slice(before).toSorted()).toEqual(['groq', 'groq', 'groq', 'openai']);
  await flush();
  await page.getByText('who answered the 4 calls').waitFor();
  await picture('config-moved-wide-light');

  await page.getByRole('link', { name: 'Restore' }).click();
  await expect.poll(() => page.locator('.diff-line.added').count()).toBe(2);
  await expectFit();
  await picture('config-diff-wide-light');
  await page.getByRole('button', { name: 'Restore version 1' }).click();
  await page.getByText('The older version is in use again').waitFor();
  const then = simulator.called().length;
  for (let calls = 0; calls < 2; calls++) await call('pc-chat');
  expect(simulator.called().slice(then)).toEqual(['openai', 'openai']);
});

it('secrets are hidden, and are kept through an edit', async () => {
  const { url, api, call } = await serving();
  await api.configs.create({ name: 'Chat', slug: 'pc-chat', config: split(1, 0) });
  const { page } = await browser.visit(`${url}/console/configs/pc-chat/edit`);
  const text = page.getByLabel('Config as JSON');
  expect(await text.inputValue()).not.toContain('key-of');
  await text.fill((await text.inputValue()).replace('"name": "main"', '"name": "first"'));
  await page.getByText('This config can be saved.').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  expect(await call('pc-chat')).toBe(200);
  expect(JSON.parse((await api.configs.retrieve({ slug: 'pc-chat' })).config)).toEqual({
    ...split(1, 0),
    targets: [{ ...split(1, 0).targets[0], name: 'first' }, split(1, 0).targets[1]],
  });
});

it('what somebody else saved is not written over unknowingly', async () => {
  const { url, api } = await serving();
  await api.configs.create({ name: 'Chat', slug: 'pc-chat', config: split(1, 1) });
  const { page, picture } = await browser.visit(`${url}/console/configs/pc-chat/edit`, { colorScheme: 'dark' });
  await api.configs.update({ slug: 'pc-chat', config: split(3, 1) });
  await page.getByLabel('Name').fill('Mine');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('version 2 was saved meanwhile').waitFor();
  await expect.poll(() => page.locator('.diff-line.added').count()).toBe(1);
  await picture('config-conflict-wide-dark');
  expect((await api.configs.retrieve({ slug: 'pc-chat' })).name).toBe('Chat');
  await page.getByRole('button', { name: 'Save over version 2' }).click();
  await page.getByText('Saved.').waitFor();
  expect(await api.configs.retrieve({ slug: 'pc-chat' })).toMatchObject({ name: 'Mine', version: 3 });
  await api.configs.update({ slug: 'pc-chat', config: split(5, 1) });
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('Nothing was changed').waitFor();
  expect((await api.configs.retrieve({ slug: 'pc-chat' })).version).toBe(4);
});

it('asks before a config goes, and says who still refers to it', async () => {
  const { url, api } = await serving();
  await api.configs.create({ name: 'Chat', slug: 'pc-chat', config: split(1, 1) });
  await api.configs.create({ name: 'Outer', slug: 'pc-outer', config: { ref: 'pc-chat' } });
  const { page } = await browser.visit(`${url}/console/configs/pc-chat`);
  await page.getByRole('link', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('"pc-outer" refers to it').waitFor();
  await page.goto(`${url}/console/configs/pc-outer/delete`);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Config pc-outer is deleted.').waitFor();
  await page.goto(`${url}/console/configs/pc-outer`);
  await page.getByText('There is no such config').waitFor();
});

it('shows on a narrow dark screen who cools, what is left of limits, and works without a script', async () => {
  const { url, api, call } = await serving();
  const config = {
    strategy: {
      mode: 'conditional',
      conditions: [{ query: { 'metadata.plan': { $eq: 'pro' } }, then: 'paid' }],
      default: 'free',
    },
    targets: [
      { ...simulator.target('anthropic', { override_params: { model: 'claude-sonnet-4-5' } }), name: 'paid' },
      { name: 'free', strategy: { mode: 'fallback' }, cooldown: { allowed_fails: 0 }, targets: split(1, 1).targets },
    ],
  };
  await api.configs.create({ name: 'By plan', slug: 'pc-plan', config });
  simulator.script('openai', [{ status: 500 }]);
  await call('pc-plan');
  const { page, picture, expectFit } = await browser.visit(`${url}/console/configs/pc-plan`, {
    width: 390,
    colorScheme: 'dark',
  });
  const tree = page.locator('.config-tree');
  expect(await tree.innerText()).toContain('cooling for');
  expect(await tree.innerText()).toContain('599 of 600 requests left');
  expect(await tree.innerText()).toContain('if {"metadata.plan":{"$eq":"pro"}}');
  await expectFit();
  await picture('config-narrow-dark');
  await page.goto(`${url}/console/configs/pc-plan/edit`);
  await expectFit();
  await picture('config-edit-narrow-dark');
  const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: url };
  const body = new URLSearchParams({ name: 'By plan', version: '1', text: '{"targets": []}' });
  const refused = await fetch(`${url}/console/configs/pc-plan/edit`, { method: 'POST', headers, body });
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain('something in it is wrong');
  const strange = await fetch(`${url}/console/configs/pc-plan/delete`, {
    method: 'POST',
    headers: { ...headers, origin: 'https://evil.example' },
  });
  expect(strange.status).toBe(403);
  expect(await api.configs.retrieve({ slug: 'pc-plan' })).toMatchObject({ version: 1 });
});
