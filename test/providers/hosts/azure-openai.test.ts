import { expect, it } from 'vitest';
import { Credentials } from '../../../src/core/credentials.ts';
import { azureOpenai } from '../../../src/providers/hosts/azure-openai.ts';

import { fakeTransport } from '../auth/fake-transport.ts';
import { requestOf } from './request-of.ts';

const root = 'https://res.openai.azure.com/openai';
const resource = { resourceName: 'res' };
const chat = (deployment: string, version = '2024-10-21') =>
  `${root}/deployments/${deployment}/chat/completions?api-version=${version}`;

it('sends the whole request', async () => {
  const settings = { resourceName: 'res', deploymentId: 'prod 4o', apiVersion: '2024-06-01' };
  expect(await requestOf('azure-openai', { settings, body: { model: 'gpt-4o', messages: [] } })).toEqual({
    method: 'POST',
    url: chat('prod%204o', '2024-06-01'),
    headers: { 'content-type': 'application/json', 'api-key': 'key' },
    body: '{"model":"gpt-4o","messages":[]}',
  });
});

const deployments = [
  { deployment_id: 'd-4o', alias: 'gpt-4o', api_version: '2025-01-01-preview' },
  { deploymentId: 'd-mini', alias: 'gpt-4o-mini', isDefault: true },
];

it.each([
  ['the model names the deployment', resource, chat('gpt-4o')],
  ['deploymentId beats the model', { ...resource, deploymentId: 'd1' }, chat('d1')],
  ['an alias picks its deployment and version', { ...resource, deployments }, chat('d-4o', '2025-01-01-preview')],
  ['an alias beats deploymentId', { ...resource, deployments, deploymentId: 'd1' }, chat('d-4o', '2025-01-01-preview')],
  [
    'a deployment is found by its own name',
    { ...resource, deployments: [{ deployment_id: 'gpt-4o', api_version: '2024-02-01' }] },
    chat('gpt-4o', '2024-02-01'),
  ],
  ['the default serves other models', { ...resource, deployments: deployments.slice(1) }, chat('d-mini')],
  [
    'deploymentId beats the default',
    { ...resource, deployments: deployments.slice(1), deploymentId: 'd1' },
    chat('d1'),
  ],
  ['a resource given as URL', { resourceName: 'https://res.openai.azure.com/' }, chat('gpt-4o')],
  ['an endpoint instead of a resource', { endpoint: 'https://res.openai.azure.com/' }, chat('gpt-4o')],
  ['another cloud', { endpoint: 'https://res.openai.azure.us' }, chat('gpt-4o').replace('.com', '.us')],
  ['v1', { ...resource, apiVersion: 'v1' }, `${root}/v1/chat/completions`],
  ['latest', { ...resource, apiVersion: 'latest' }, `${root}/v1/chat/completions`],
  ['preview', { ...resource, apiVersion: 'preview' }, `${root}/v1/chat/completions?api-version=preview`],
  [
    'custom_host beats the resource',
    { ...resource, customHost: 'https://apim.net/azure' },
    chat('gpt-4o').replace(root, 'https://apim.net/azure/openai'),
  ],
  [
    'custom_host with /openai',
    { customHost: 'https://apim.net/openai/' },
    chat('gpt-4o').replace(root, 'https://apim.net/openai'),
  ],
  [
    'custom_host with /openai/v1',
    { customHost: 'https://apim.net/openai/v1' },
    'https://apim.net/openai/v1/chat/completions',
  ],
  [
    'custom_host with its own version',
    { customHost: 'https://apim.net?api-version=2024-02-01' },
    chat('gpt-4o', '2024-02-01').replace(root, 'https://apim.net/openai'),
  ],
])('%s', async (_what, settings, url) => {
  expect((await requestOf('azure-openai', { settings, body: { model: 'gpt-4o', messages: [] } })).url).toBe(url);
});

it.each([
  ['the model as it is', resource, 'gpt-4o'],
  ['modelName', { ...resource, modelName: 'gpt-4o-2024-08-06' }, 'gpt-4o-2024-08-06'],
  ['azureModelName', { ...resource, azureModelName: 'gpt-4o-2024-08-06' }, 'gpt-4o-2024-08-06'],
  ['the deployment on the v1 route', { ...resource, apiVersion: 'v1', deploymentId: 'd1', modelName: 'x' }, 'd1'],
])('sends as model: %s', async (_what, settings, model) => {
  const request = await requestOf('azure-openai', { settings, body: { model: '@key/gpt-4o' }, model: 'gpt-4o' });
  expect(JSON.parse(String(request.body))).toEqual({ model });
});

it.each([
  ['embeddings', `${root}/deployments/m/embeddings?api-version=2024-10-21`],
  ['audio/speech', `${root}/deployments/m/audio/speech?api-version=2024-10-21`],
  ['images/generations', `${root}/deployments/m/images/generations?api-version=2024-10-21`],
  ['responses', `${root}/v1/responses`],
  ['batches', `${root}/batches?api-version=2024-10-21`],
] as const)('%s goes to %s', async (endpoint, url) => {
  expect((await requestOf('azure-openai', { endpoint, settings: resource })).url).toBe(url);
});

it('reads responses at a dated version when told so', async () => {
  const settings = { ...resource, apiVersion: '2025-04-01-preview', deploymentId: 'd1' };
  const request = await requestOf('azure-openai', {
    endpoint: 'responses',
    settings,
    body: { model: 'gpt-4o', input: 'x' },
  });
  expect(request).toMatchObject({
    url: `${root}/responses?api-version=2025-04-01-preview`,
    body: '{"model":"d1","input":"x"}',
  });
});

it('lists files and passes proxied paths on', async () => {
  const files = { endpoint: 'files', body: {}, settings: resource } as const;
  expect((await requestOf('azure-openai', files)).url).toBe(`${root}/files?api-version=2024-10-21`);
  const proxy = { endpoint: 'proxy', body: {}, settings: resource, method: 'GET', path: '/openai/models?a=1' } as const;
  expect((await requestOf('azure-openai', proxy)).url).toBe(`${root}/models?a=1&api-version=2024-10-21`);
});

it('sends an Entra ID token as bearer, which beats the key', async () => {
  for (const settings of [
    { ...resource, adToken: ' ey.tok ' },
    { ...resource, azureAdToken: 'Bearer ey.tok' },
  ]) {
    const { headers } = await requestOf('azure-openai', { settings });
    expect(headers).toEqual({ 'content-type': 'application/json', authorization: 'Bearer ey.tok' });
  }
});

it('fetches a token with a client secret', async () => {
  const settings = { ...resource, authMode: 'entra', entraTenantId: 't', entraClientId: 'c', entraClientSecret: 's' };
  const transport = fakeTransport({ status: 200, body: '{"access_token":"ey.new","expires_in":3600}' });
  const signed = await azureOpenai.authenticate(
    { method: 'POST', url: root, headers: {} },
    new Credentials({ provider: 'azure-openai', apiKey: 'key', settings }),
    { transport, now: () => 0, signal: new AbortController().signal },
  );
  expect(transport.sent.map(({ url }) => url)).toEqual(['https://login.microsoftonline.com/t/oauth2/v2.0/token']);
  expect(signed.headers).toEqual({ authorization: 'Bearer ey.new' });
});

it.each([
  ['no resource', {}, 'resource_name', /AZURE_OPENAI_RESOURCE_NAME.*custom_host/],
  ['a resource that is no name', { resourceName: 'my resource' }, 'resource_name', /"my resource"/],
  ['no deployment and no model', { ...resource, model: '' }, 'deployment_id', /deployment_id/],
  [
    'an auth mode without its fields',
    { ...resource, authMode: 'entra' },
    'azure_entra_client_id',
    /azure_entra_client_id/,
  ],
  ['an unknown auth mode', { ...resource, authMode: 'magic' }, 'azure_auth_mode', /"magic"/],
])('%s is an error that says how to give it', async (_what, given, param, text) => {
  const { model = 'gpt-4o', ...settings } = given as { model?: string };
  const failed = requestOf('azure-openai', { settings, body: { model } });
  await expect(failed).rejects.toMatchObject({ kind: 'translation', param });
  await expect(failed).rejects.toThrow(text);
});
