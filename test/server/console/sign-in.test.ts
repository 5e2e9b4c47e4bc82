import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { browsers } from '../../support/browser.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { served } from '../../support/served.ts';

const browser = browsers();
const adminKey = 'the-admin-key';
const keyed = { keys: ['a-client-key'], adminKey, console: true, logs: {} };

/** A request with headers that `fetch` would not let a program choose. */
function send(url: string, headers: Record<string, string>, form?: Record<string, string>) {
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const body = form === undefined ? undefined : new URLSearchParams(form).toString();
      const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
      const sent = request(url, { method: body === undefined ? 'GET' : 'POST', headers: { ...type, ...headers } });
      sent.on('error', reject);
      sent.on('response', async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode, headers: response.headers, text });
      });
      sent.end(body);
    },
  );
}

async function signIn(url: string, key = adminKey, more: Record<string, string> = {}) {
  const answer = await send(`${url}/console/sign-in`, { origin: url, ...more }, { key });
  return { ...answer, cookie: String(answer.headers['set-cookie'] ?? '').split(';')[0] ?? '' };
}

it('a person is asked for the admin key, goes on to where they wanted, changes the colours, and signs out', async () => {
  const { url } = await served(keyed);
  const { page, picture, expectFit } = await browser.visit(`${url}/console/logs?mark=retry`, {
    width: 390,
    colorScheme: 'dark',
  });
  expect(new URL(page.url()).pathname).toBe('/console/sign-in');
  await expectFit();
  await picture('sign-in-narrow-dark');
  await page.getByLabel('Admin key').fill('a-client-key');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('alert').innerText()).toBe('This is a key of a client. The console needs the admin key.');
  await page.getByLabel('Admin key').fill(adminKey);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/console\/logs\?mark=retry$/);
  expect(await page.evaluate(() => document.cookie)).toBe('');
  await page.getByRole('button', { name: 'Use light colours' }).click();
  await page.reload();
  expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/console\/sign-in$/);
  await page.goBack();
  await page.reload();
  expect(new URL(page.url()).pathname).toBe('/console/sign-in');
});

it('a server without a console has no page there', async () => {
  const { url } = await served({});
  const response = await fetch(`${url}/console`);
  expect(response.headers.get('content-type')).toContain('application/json');
});

describe('the session', () => {
  it('is a cookie that scripts and other sites do not get', async () => {
    const { url } = await served(keyed);
    const { headers } = await signIn(url);
    expect(String(headers['set-cookie'])).toMatch(
      /^modelmux_console=[\da-f]{64}; Path=\/console; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
  });

  it('travels over TLS only where the page came over TLS', async () => {
    const { url } = await served({ ...keyed, hosts: ['gateway.example.com'] });
    const answer = await signIn(url, adminKey, { host: 'gateway.example.com', origin: 'https://gateway.example.com' });
    expect(answer.status).toBe(303);
    expect(String(answer.headers['set-cookie'])).toMatch(/; Secure$/);
  });

  it('opens the console and nothing else', async () => {
    const { url } = await served(keyed);
    const { cookie } = await signIn(url);
    expect((await send(`${url}/console/logs`, { cookie })).status).toBe(200);
    expect((await send(`${url}/v1/logs`, { cookie })).status).toBe(401);
  });

  it('ends after twelve hours, and when its visitor signs out', async () => {
    const clock = manualClock();
    const { url } = await served({ ...keyed, clock });
    const { cookie } = await signIn(url);
    const other = await signIn(url);
    expect((await send(`${url}/console/sign-out`, { cookie: other.cookie, origin: url }, {})).status).toBe(303);
    const opens = async (given: string) => (await send(`${url}/console/logs`, { cookie: given })).status;
    expect([await opens(cookie), await opens(other.cookie)]).toEqual([200, 302]);
    clock.advance(12 * 60 * 60 * 1000);
    expect(await opens(cookie)).toBe(302);
  });
});

describe('what is asked without a session', () => {
  it('leads to the page that asks for the key, and never elsewhere', async () => {
    const { url } = await served(keyed);
    const { status, headers } = await send(`${url}/console/logs?model=a%26b`, {});
    expect([status, headers['location']]).toEqual([302, '/console/sign-in?next=%2Fconsole%2Flogs%3Fmodel%3Da%2526b']);
    for (const next of [
      'https://evil.example.com',
      '//evil.example.com',
      '/console/../v1',
      '/consolevil',
      '/console\\@evil',
    ]) {
      const answer = await send(`${url}/console/sign-in`, { origin: url }, { key: adminKey, next });
      expect(answer.headers['location']).toMatch(/^\/console(?:\/\.\.\/v1)?$/);
    }
  });

  it('is refused where no page is expected', async () => {
    const { url } = await served(keyed);
    expect((await send(`${url}/console/logs/live`, { accept: '*/*' })).status).toBe(401);
    expect((await send(`${url}/console/sign-out`, { origin: url }, {})).status).toBe(303);
  });
});

it('after ten wrong keys of one address, no key is looked at for a minute', async () => {
  const clock = manualClock();
  const { url } = await served({ ...keyed, clock });
  for (let tries = 0; tries < 10; tries++) expect((await signIn(url, `wrong-${tries}`)).status).toBe(403);
  const refused = await signIn(url);
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '60']);
  clock.advance(60_000);
  expect((await signIn(url)).status).toBe(303);
});

it.each([
  ['of another site', { origin: 'https://evil.example.com' }],
  ['of a page without an origin', { origin: 'null' }],
  ['of another site without saying so', { 'sec-fetch-site': 'cross-site' }],
  ['of another port', { origin: 'http://127.0.0.1:3000' }],
  ['of no page at all', {}],
])('a form %s changes nothing, also where its page may call the API', async (_whose, headers) => {
  const { url } = await served({ ...keyed, cors: true });
  expect((await send(`${url}/console/sign-in`, headers, { key: adminKey })).status).toBe(403);
  const open = await served({ console: true, cors: true, logs: {} });
  expect((await send(`${open.url}/console/logs`, headers, {})).status).toBe(403);
});

it('without keys nobody signs in, and nobody comes in under a strange name', async () => {
  const { url, fetch: handle } = await served({ console: true, logs: {} });
  expect((await send(`${url}/console/logs`, {})).status).toBe(200);
  expect((await send(`${url}/console/logs`, { host: 'evil.example.com' })).status).toBe(403);
  expect((await send(`${url}/console/logs`, { origin: 'https://evil.example.com' })).status).toBe(403);
  expect((await handle(new Request('http://127.0.0.1/console/logs'))).status).toBe(200);
});

it('a server with keys and none for administration says so', async () => {
  const { url } = await served({ ...keyed, adminKey: undefined });
  expect((await send(`${url}/console/sign-in`, {})).text).toContain('MODELMUX_ADMIN_KEY');
  expect((await signIn(url, 'a-client-key')).status).toBe(403);
});

it('every page says what may run in it', async () => {
  const { url } = await served({ console: true });
  const { headers, text } = await send(`${url}/console/logs`, {});
  expect(headers).toMatchObject({
    'content-security-policy': expect.stringContaining("default-src 'none'; script-src 'self'; style-src 'self';"),
    'cache-control': 'no-store',
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  });
  expect(text).not.toMatch(/ on[a-z]+=|style=|<script>|https?:\/\/(?!www\.w3\.org)/);
  const [, script = ''] = /<script src="([^"]+)"/.exec(text) ?? [];
  const asset = await send(`${url}${script}`, {});
  expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
});
