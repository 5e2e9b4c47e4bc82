import type { Settings } from '../../core/credentials.ts';
import type { Endpoint } from '../../core/endpoint.ts';
import { TranslationError } from '../../core/errors/reply-errors.ts';
import type { Provider, ProviderTarget } from '../../core/provider.ts';
import { openai } from '../dialects/openai/index.ts';
import { azureAuth } from './azure-auth.ts';
import { deploymentOf } from './azure-deployment.ts';
import { customHostOf, textSetting } from './settings.ts';

// The latest dated version that is generally available. Source: Microsoft Learn, "Azure OpenAI API version lifecycle".
const defaultVersion = '2024-10-21';

/** Azure OpenAI. Source: Microsoft Learn, "Azure OpenAI REST API reference" and "API version lifecycle" for the `v1` route. */
export const azureOpenai: Provider = {
  name: 'azure-openai',
  aliases: ['azure'],
  title: 'Azure OpenAI',
  dialect: openai,
  baseUrl: ({ settings }) => `https://${hostOf(settings)}/openai`,
  address(wire, target) {
    const version = versionOf(target);
    const path = wire.path.replace(/^\/openai(?=\/)/, '');
    if (isV1(version)) {
      return {
        ...wire,
        path: `/v1${path}`,
        ...(version === 'preview' ? { query: { ...wire.query, 'api-version': version } } : {}),
      };
    }
    const below = isPerDeployment(target) ? `/deployments/${encodeURIComponent(deploymentName(target))}` : '';
    return { ...wire, path: `${below}${path}`, query: { ...wire.query, 'api-version': version } };
  },
  // Below /deployments the path decides and `model` only informs; elsewhere `model` names the deployment.
  adapt(body, { model, settings, request: { endpoint } }) {
    if (typeof body['model'] !== 'string' || endpoint === 'proxy') return body;
    const target = { endpoint, model, settings };
    const sent = isPerDeployment(target)
      ? (textSetting(settings, 'modelName', 'azureModelName') ?? model)
      : deploymentName(target);
    return sent === body['model'] ? body : { ...body, model: sent };
  },
  authenticate: azureAuth({ title: 'Azure OpenAI', env: ['AZURE_OPENAI_API_KEY', 'AZURE_API_KEY'] }, () => 'api-key'),
  env: ['AZURE_OPENAI_API_KEY', 'AZURE_API_KEY'],
  envSettings: {
    resourceName: ['AZURE_OPENAI_RESOURCE_NAME', 'AZURE_RESOURCE_NAME'],
    endpoint: ['AZURE_OPENAI_ENDPOINT', 'AZURE_API_BASE'],
    apiVersion: ['AZURE_OPENAI_API_VERSION', 'OPENAI_API_VERSION', 'AZURE_API_VERSION'],
  },
  endpoints: [
    'chat/completions',
    'completions',
    'embeddings',
    'responses',
    'images/generations',
    'images/edits',
    'audio/speech',
    'audio/transcriptions',
    'audio/translations',
    'models',
    'files',
    'batches',
    'proxy',
  ],
  fieldPrefix: 'azure',
};

const deploymentEndpoints: ReadonlySet<Endpoint> = new Set<Endpoint>([
  'chat/completions',
  'completions',
  'embeddings',
  'images/generations',
  'images/edits',
  'audio/speech',
  'audio/transcriptions',
  'audio/translations',
]);

type Asked = Pick<ProviderTarget, 'endpoint' | 'model' | 'settings'>;

function hostOf(settings: Settings): string {
  const given = textSetting(settings, 'resourceName') ?? textSetting(settings, 'endpoint');
  // The custom host takes this one's place; only `/openai` below it counts.
  if (customHostOf(settings) !== undefined) return 'custom.openai.azure.com';
  if (given === undefined) {
    throw new TranslationError(
      'resource_name',
      'Azure OpenAI needs resource_name, the "my-resource" of https://my-resource.openai.azure.com. Set it on the target or the virtual key, or AZURE_OPENAI_RESOURCE_NAME, or give custom_host.',
    );
  }
  const host = given.replace(/^https?:\/\//i, '').split('/')[0] ?? '';
  if (/^[a-z0-9][a-z0-9-]*$/i.test(host)) return `${host}.openai.azure.com`;
  if (/^[a-z0-9][a-z0-9.-]*$/i.test(host)) return host;
  throw new TranslationError('resource_name', `resource_name must be letters, digits and hyphens, not "${given}".`);
}

function versionOf(target: Asked): string {
  const { settings, endpoint } = target;
  const given = deploymentOf(target)?.apiVersion ?? textSetting(settings, 'apiVersion');
  if (given !== undefined) return given;
  // No dated version that is generally available has responses; the v1 route has.
  return endpoint === 'responses' || /\/v1\/*$/.test(customHostOf(settings) ?? '') ? 'v1' : defaultVersion;
}

function isPerDeployment(target: Asked): boolean {
  return deploymentEndpoints.has(target.endpoint) && !isV1(versionOf(target));
}

function isV1(version: string): boolean {
  return version === 'v1' || version === 'latest' || version === 'preview';
}

function deploymentName(target: Asked): string {
  const name = deploymentOf(target)?.name ?? target.model;
  if (name !== '') return name;
  throw new TranslationError(
    'deployment_id',
    'Azure OpenAI needs deployment_id, or a model named like the deployment.',
  );
}
