import { beforeAll, describe, expect, it } from 'vitest';
import { Credentials } from '../../../src/core/credentials.ts';
import type { AuthScope } from '../../../src/core/provider.ts';
import type { HttpRequest, Transport } from '../../../src/core/transport.ts';
import { googleOauth } from '../../../src/providers/auth/google-oauth.ts';
import { fakeTransport } from './fake-transport.ts';

const request: HttpRequest = {
  method: 'POST',
  url: 'https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models/m:generateContent',
  headers: { 'content-type': 'application/json' },
  body: '{}',
};
const startMs = 1_700_000_000_500;
const scopeOf = (transport: Transport, time = { now: startMs }): AuthScope => ({
  transport,
  now: () => time.now,
  signal: new AbortController().signal,
});
const vertex = (settings: Record<string, unknown>, apiKey?: string) =>
  new Credentials({ provider: 'vertex-ai', apiKey, settings });
const issued = (token: string, expires_in: unknown = 3600) => ({
  status: 200,
  body: JSON.stringify({ access_token: token, expires_in, token_type: 'Bearer' }),
});
const bearing = (token: string) => ({
  ...request,
  headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
});
const offline = fakeTransport();

let keys: CryptoKeyPair;
let pem: string;
beforeAll(async () => {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  };
  keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  pem = `-----BEGIN PRIVATE KEY-----\n${der.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----\n`;
});
const serviceAccount = (more: Record<string, unknown> = {}) => ({
  type: 'service_account',
  project_id: 'p',
  private_key_id: 'k1',
  private_key: pem,
  client_email: 'me@p.iam.gserviceaccount.com',
  ...more,
});

describe('a service account', () => {
  it('exchanges a JWT signed with its key', async () => {
    const transport = fakeTransport(issued('t1'));
    const credentials = vertex({ serviceAccountJson: JSON.stringify(serviceAccount()) });
    expect(await googleOauth()(request, credentials, scopeOf(transport))).toEqual(bearing('t1'));

    const [asked] = transport.sent;
    expect(asked).toMatchObject({
      method: 'POST',
      url: 'https://oauth2.googleapis.com/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    const form = new URLSearchParams(String(asked?.body));
    expect([...form.keys()]).toEqual(['grant_type', 'assertion']);
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect(form.get('assertion')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    const [header = '', claims = '', signature = ''] = String(form.get('assertion')).split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(read(header)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k1' });
    expect(read(claims)).toEqual({
      iss: 'me@p.iam.gserviceaccount.com',
      scope: 'https://www.googleapis.com/auth/cloud-platform',
      aud: 'https://oauth2.googleapis.com/token',
      iat: 1_700_000_000,
      exp: 1_700_003_600,
    });
    const content = new TextEncoder().encode(`${header}.${claims}`);
    const signed = Buffer.from(signature, 'base64url');
    expect(await crypto.subtle.verify('RSASSA-PKCS1-v1_5', keys.publicKey, signed, content)).toBe(true);
  });

  it('may be an object, name its own token address, and spell line breaks as \\n', async () => {
    const transport = fakeTransport(issued('t1'));
    const file = serviceAccount({
      type: undefined,
      token_uri: 'https://oauth2.test/token',
      private_key: pem.replaceAll('\n', '\\n'),
    });
    await googleOauth()(request, vertex({ serviceAccountJson: file }), scopeOf(transport));
    expect(transport.sent.map(({ url }) => url)).toEqual(['https://oauth2.test/token']);
  });

  it('asks once for calls at the same time, and again a minute before the end', async () => {
    const transport = fakeTransport(issued('t1'), issued('t2'));
    const time = { now: startMs };
    const authenticate = googleOauth();
    const credentials = vertex({ serviceAccountJson: serviceAccount() });
    const call = () => authenticate(request, credentials, scopeOf(transport, time));
    expect(await Promise.all([call(), call(), call()])).toEqual([bearing('t1'), bearing('t1'), bearing('t1')]);
    time.now = startMs + 3_539_999;
    expect(await call()).toEqual(bearing('t1'));
    expect(transport.sent).toHaveLength(1);
    time.now = startMs + 3_540_000;
    expect(await call()).toEqual(bearing('t2'));
    expect(transport.sent).toHaveLength(2);
  });

  it('does not share a token with another account', async () => {
    const transport = fakeTransport(issued('t1'), issued('t2'));
    const authenticate = googleOauth();
    const of = (client_email: string) => vertex({ serviceAccountJson: serviceAccount({ client_email }) });
    expect(await authenticate(request, of('a@p'), scopeOf(transport))).toEqual(bearing('t1'));
    expect(await authenticate(request, of('b@p'), scopeOf(transport))).toEqual(bearing('t2'));
  });

  it('that is refused is a 401 with Google’s reason; the next call asks again', async () => {
    const body = JSON.stringify({ error: 'invalid_grant', error_description: 'Invalid JWT Signature.' });
    const transport = fakeTransport({ status: 400, body }, issued('t1'));
    const authenticate = googleOauth();
    const credentials = vertex({ serviceAccountJson: serviceAccount() });
    await expect(authenticate(request, credentials, scopeOf(transport))).rejects.toMatchObject({
      status: 401,
      kind: 'auth',
      message: '401 Google issued no token (HTTP 400): invalid_grant: Invalid JWT Signature.',
    });
    expect(await authenticate(request, credentials, scopeOf(transport))).toEqual(bearing('t1'));
  });

  it('of an unavailable issuer keeps the status', async () => {
    const transport = fakeTransport({ status: 503, body: 'try later' });
    await expect(
      googleOauth()(request, vertex({ serviceAccountJson: serviceAccount() }), scopeOf(transport)),
    ).rejects.toMatchObject({ status: 503, kind: 'server' });
  });

  it.each(['{}', '<html>', '{"access_token":"secret-token"}', '{"access_token":"secret-token","expires_in":"soon"}'])(
    'answered with %s is unreadable and shows nothing of it',
    async (body) => {
      const transport = fakeTransport({ status: 200, body });
      const failed = googleOauth()(request, vertex({ serviceAccountJson: serviceAccount() }), scopeOf(transport));
      await expect(failed).rejects.toMatchObject({ kind: 'unreadable', status: 502 });
      await expect(failed).rejects.not.toThrow('secret-token');
    },
  );

  it.each<[string, unknown]>([
    ['a path', '/home/me/secret-key.json'],
    ['a number', 3],
    ['a key file without key', { type: 'service_account', client_email: 'a@b' }],
    ['a key file without account', { type: 'service_account', private_key: 'secret-key' }],
    ['a key that is no PEM', { client_email: 'a@b', private_key: 'secret-key' }],
    ['another kind of file', { type: 'external_account', audience: 'secret-key' }],
    ['a user’s file without token', { type: 'authorized_user', client_id: 'a', client_secret: 'secret-key' }],
  ])('given as %s is refused, naming the field and no secret', async (_, serviceAccountJson) => {
    const failed = googleOauth()(request, vertex({ serviceAccountJson }), scopeOf(offline));
    await expect(failed).rejects.toMatchObject({ kind: 'translation', param: 'vertex_service_account_json' });
    await expect(failed).rejects.not.toThrow('secret-key');
  });
});

describe('other sources of a token', () => {
  const user = {
    type: 'authorized_user',
    client_id: 'c',
    client_secret: 's&1',
    refresh_token: 'r',
    quota_project_id: 'q',
  };

  it('a user’s key file refreshes, and names the project that pays', async () => {
    const transport = fakeTransport(issued('t1'));
    const sent = await googleOauth()(request, vertex({ serviceAccountJson: user }), scopeOf(transport));
    expect(sent.headers).toEqual({ ...bearing('t1').headers, 'x-goog-user-project': 'q' });
    expect(transport.sent).toEqual([
      {
        method: 'POST',
        url: 'https://oauth2.googleapis.com/token',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=refresh_token&client_id=c&client_secret=s%261&refresh_token=r',
      },
    ]);
  });

  it('the machine’s own account, by its metadata server', async () => {
    const transport = fakeTransport(issued('t1', 1799));
    const authenticate = googleOauth();
    const credentials = vertex({ authType: 'metadata' });
    expect(await authenticate(request, credentials, scopeOf(transport))).toEqual(bearing('t1'));
    expect(await authenticate(request, credentials, scopeOf(transport))).toEqual(bearing('t1'));
    expect(transport.sent).toEqual([
      {
        method: 'GET',
        url: 'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token',
        headers: { 'metadata-flavor': 'Google' },
      },
    ]);
  });

  it.each<[string, Record<string, unknown>, string | undefined, Record<string, string>]>([
    ['an access token as key', {}, ' ya29.abc ', { authorization: 'Bearer ya29.abc' }],
    ['an access token as field', { accessToken: 'ya29.abc' }, undefined, { authorization: 'Bearer ya29.abc' }],
    ['an API key', {}, 'AIzaSy-1', { 'x-goog-api-key': 'AIzaSy-1' }],
    ['an API key of express mode', {}, 'AQ.Ab1', { 'x-goog-api-key': 'AQ.Ab1' }],
    [
      'a token although there is a key file',
      { authType: 'accessToken', serviceAccountJson: user },
      'ya29.abc',
      { authorization: 'Bearer ya29.abc' },
    ],
    ['a function', { getAccessToken: () => 'ya29.f' }, undefined, { authorization: 'Bearer ya29.f' }],
    ['an async function', { getAccessToken: async () => 'ya29.f' }, 'ya29.abc', { authorization: 'Bearer ya29.f' }],
  ])('%s', async (_, settings, apiKey, headers) => {
    const sent = await googleOauth()(request, vertex(settings, apiKey), scopeOf(offline));
    expect(sent).toEqual({ ...request, headers: { ...request.headers, ...headers } });
  });

  it('the header that the caller forwards', async () => {
    const forwarded = { ...request, headers: { authorization: 'Bearer mine' } };
    expect(await googleOauth()(forwarded, vertex({}), scopeOf(offline))).toEqual(forwarded);
  });

  it('none at all is a 401 that says what to give', async () => {
    const failed = googleOauth()(request, vertex({}), scopeOf(offline));
    await expect(failed).rejects.toMatchObject({ status: 401, kind: 'auth', type: 'missing_api_key' });
    await expect(failed).rejects.toThrow('vertex_service_account_json');
    await expect(
      googleOauth()(request, vertex({ authType: 'serviceAccount' }, 'k'), scopeOf(offline)),
    ).rejects.toMatchObject({ status: 401 });
  });

  it('a function that fails is a 401 with its error as cause', async () => {
    const cause = new Error('vault sealed');
    const getAccessToken = () => Promise.reject(cause);
    await expect(googleOauth()(request, vertex({ getAccessToken }), scopeOf(offline))).rejects.toMatchObject({
      status: 401,
      kind: 'auth',
      cause,
    });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ getAccessToken: 'ya29' }, 'getAccessToken'],
    [{ getAccessToken: () => '' }, 'getAccessToken'],
    [{ authType: 'workload' }, 'vertex_auth_type'],
  ])('%j is refused at %s', async (settings, param) => {
    await expect(googleOauth()(request, vertex(settings), scopeOf(offline))).rejects.toMatchObject({
      kind: 'translation',
      param,
    });
  });

  it('a token that no header can carry is refused and not shown', async () => {
    const failed = googleOauth()(request, vertex({}, 'ya29.\nsecret'), scopeOf(offline));
    await expect(failed).rejects.toMatchObject({ status: 401 });
    await expect(failed).rejects.not.toThrow('secret');
  });
});
