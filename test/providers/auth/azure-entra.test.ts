import { describe, expect, it } from 'vitest';
import { Credentials } from '../../../src/core/credentials.ts';
import type { AuthScope } from '../../../src/core/provider.ts';
import type { HttpRequest, Transport } from '../../../src/core/transport.ts';
import { azureEntra } from '../../../src/providers/auth/azure-entra.ts';
import { fakeTransport } from './fake-transport.ts';

const request: HttpRequest = {
  method: 'POST',
  url: 'https://r.openai.azure.com/openai/deployments/d/chat/completions',
  headers: { 'content-type': 'application/json' },
  body: '{}',
};
const azure = (settings: Record<string, unknown>) =>
  new Credentials({ provider: 'azure-openai', apiKey: 'key', settings });
const scopeOf = (transport: Transport, time = { now: 1_000_000 }): AuthScope => ({
  transport,
  now: () => time.now,
  signal: new AbortController().signal,
});
const issued = (token: string, expiresIn: unknown = 3599) => ({
  status: 200,
  body: JSON.stringify({ token_type: 'Bearer', expires_in: expiresIn, access_token: token }),
});
const entra = { entraTenantId: 't-1', entraClientId: 'c-1', entraClientSecret: 's&1' };
const form = {
  method: 'POST',
  url: 'https://login.microsoftonline.com/t-1/oauth2/v2.0/token',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
};
const scopeParam = 'scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default';

it.each<[name: string, settings: Record<string, unknown>, asked: HttpRequest]>([
  [
    'a client secret',
    { authMode: 'entra', ...entra },
    { ...form, body: `grant_type=client_credentials&${scopeParam}&client_id=c-1&client_secret=s%261` },
  ],
  [
    'a client secret without azure_auth_mode, plain field names, its own scope and cloud',
    {
      tenantId: 't/2',
      clientId: 'c-2',
      clientSecret: 's-2',
      scope: 'https://ai.azure.com/.default',
      authorityHost: 'https://login.microsoftonline.us/',
    },
    {
      ...form,
      url: 'https://login.microsoftonline.us/t%2F2/oauth2/v2.0/token',
      body: 'grant_type=client_credentials&scope=https%3A%2F%2Fai.azure.com%2F.default&client_id=c-2&client_secret=s-2',
    },
  ],
  [
    'a federated token',
    { authMode: 'workload', tenantId: 't-1', workloadClientId: 'c-3', federatedToken: 'ey.j.wt' },
    {
      ...form,
      body: `grant_type=client_credentials&${scopeParam}&client_id=c-3&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=ey.j.wt`,
    },
  ],
  [
    'the identity of a virtual machine',
    { authMode: 'managed' },
    {
      method: 'GET',
      url: 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fcognitiveservices.azure.com',
      headers: { metadata: 'true' },
    },
  ],
  [
    'a user-assigned identity of App Service',
    {
      authMode: 'managed',
      managedClientId: 'c-4',
      identityEndpoint: 'http://127.0.0.1:41/msi/token',
      identityHeader: 'h-1',
    },
    {
      method: 'GET',
      url: 'http://127.0.0.1:41/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fcognitiveservices.azure.com&client_id=c-4',
      headers: { 'x-identity-header': 'h-1' },
    },
  ],
])('asks for a token with %s and sends it', async (_name, settings, asked) => {
  const transport = fakeTransport(issued('tok'));
  expect(await azureEntra()(request, azure(settings), scopeOf(transport))).toEqual({
    ...request,
    headers: { 'content-type': 'application/json', authorization: 'Bearer tok' },
  });
  expect(transport.sent).toEqual([asked]);
});

it('sends azure_ad_token as it is', async () => {
  const sent = await azureEntra()(request, azure({ adToken: 'given' }), scopeOf(fakeTransport()));
  expect(sent.headers).toEqual({ 'content-type': 'application/json', authorization: 'Bearer given' });
});

describe('a token', () => {
  it.each([
    ['a number of seconds', { expires_in: 3599 }],
    ['seconds as text', { expires_in: '3599' }],
    ['an end as text', { expires_on: '4599' }],
  ])('with %s is kept until a minute before it expires', async (_name, lifetime) => {
    const time = { now: 1_000_000 };
    const body = (token: string) => ({ status: 200, body: JSON.stringify({ access_token: token, ...lifetime }) });
    const transport = fakeTransport(body('one'), issued('two'));
    const authenticate = azureEntra();
    const sent = async () => (await authenticate(request, azure(entra), scopeOf(transport, time))).headers;
    expect(await sent()).toMatchObject({ authorization: 'Bearer one' });
    time.now += 3_538_999;
    expect(await sent()).toMatchObject({ authorization: 'Bearer one' });
    time.now += 1;
    expect(await sent()).toMatchObject({ authorization: 'Bearer two' });
    expect(transport.sent).toHaveLength(2);
  });

  it('is asked for once by calls at the same time, and anew for another secret', async () => {
    const transport = fakeTransport(issued('tok'));
    const authenticate = azureEntra();
    const call = (extra = {}) => authenticate(request, azure({ ...entra, ...extra }), scopeOf(transport));
    await Promise.all([call(), call()]);
    expect(transport.sent).toHaveLength(1);
    await call({ entraClientSecret: 'rotated' });
    expect(transport.sent).toHaveLength(2);
  });
});

it.each<[settings: Record<string, unknown>, param: string, message: string]>([
  [{}, 'azure_auth_mode', 'The target lacks azure_auth_mode: give one of entra, managed, workload.'],
  [
    { authMode: 'constructor' },
    'azure_auth_mode',
    'Unknown azure_auth_mode "constructor". Valid: entra, managed, workload.',
  ],
  [{ authMode: 'entra' }, 'azure_entra_client_id', 'The target lacks azure_entra_client_id: give the ID of the app.'],
  [
    { authMode: 'entra', clientId: 'c' },
    'azure_entra_client_secret',
    'The target lacks azure_entra_client_secret: give its secret.',
  ],
  [
    { clientId: 'c', clientSecret: 's' },
    'azure_entra_tenant_id',
    'The target lacks azure_entra_tenant_id: give the ID of the directory.',
  ],
  [
    { authMode: 'workload', clientId: 'c' },
    'azure_federated_token',
    'The target lacks azure_federated_token: give the text of the file that AZURE_FEDERATED_TOKEN_FILE names.',
  ],
  [
    { authMode: 'managed', identityEndpoint: 'http://127.0.0.1/' },
    'azure_identity_header',
    'The target lacks azure_identity_header: give the value of IDENTITY_HEADER.',
  ],
])('%j names what is missing', async (settings, param, message) => {
  await expect(azureEntra()(request, azure(settings), scopeOf(fakeTransport()))).rejects.toMatchObject({
    name: 'TranslationError',
    param,
    message: `400 ${message}`,
  });
});

it.each([
  [
    401,
    '{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.\\r\\nTrace ID: 1"}',
    {
      name: 'AuthenticationError',
      kind: 'auth',
      message:
        '401 Microsoft Entra ID issued no token (HTTP 401): invalid_client: AADSTS7000215: Invalid client secret provided.',
    },
  ],
  [
    400,
    '{"error":"invalid_request","error_description":"Identity not found"}',
    {
      name: 'AuthenticationError',
      kind: 'auth',
      message: '401 Microsoft Entra ID issued no token (HTTP 400): invalid_request: Identity not found',
    },
  ],
  [
    429,
    '',
    {
      name: 'RateLimitError',
      kind: 'rate_limit',
      message: '429 Microsoft Entra ID issued no token (HTTP 429): no reason given',
    },
  ],
  [
    503,
    '<html>gone</html>',
    {
      name: 'InternalServerError',
      kind: 'server',
      message: '503 Microsoft Entra ID issued no token (HTTP 503): <html>gone</html>',
    },
  ],
])('a refusal with %i fails the call with what Entra ID said', async (status, body, facts) => {
  const transport = fakeTransport({ status, body });
  await expect(azureEntra()(request, azure(entra), scopeOf(transport))).rejects.toMatchObject(facts);
});

it.each(['{"access_token":"s3cr3t"}', '{"expires_in":3599}', '[]', 's3cr3t'])(
  'an answer without token and expiry is unreadable and shows nothing of it: %s',
  async (body) => {
    const transport = fakeTransport({ status: 200, body });
    await expect(azureEntra()(request, azure(entra), scopeOf(transport))).rejects.toMatchObject({
      name: 'UnreadableReplyError',
      message: expect.not.stringContaining('s3cr3t'),
    });
  },
);
