import type { Settings } from '../../core/credentials.ts';
import { TranslationError } from '../../core/errors/reply-errors.ts';
import { lazyPart } from '../../core/lazy-part.ts';
import type { Provider, ProviderTarget, WireRequest } from '../../core/provider.ts';
import { isGoogleApiKey } from '../auth/google-api-key.ts';
import { projectOfKeyFile } from '../auth/google-key-file.ts';
import { lazyAuth } from '../auth/lazy-auth.ts';
import { vertexAi as dialect } from '../dialects/lazy-dialects.ts';
import { customHostOf, textSetting } from './settings.ts';

const auth = lazyPart('google-oauth', () => import('../auth/google-oauth.ts').then(({ googleOauth }) => googleOauth()));

/**
 * Google Vertex AI: Gemini, Claude, Mistral, Llama and others; the dialect follows from the model. Source: Vertex AI docs,
 * "Generative AI on Vertex AI locations" and "Vertex AI in express mode".
 */
export const vertexAi: Provider = {
  name: 'vertex-ai',
  aliases: ['vertex', 'vertex-ai-beta', 'google-vertex', 'google-vertex-ai'],
  title: 'Google Vertex AI',
  dialect,
  baseUrl: ({ settings }) => `https://${hostOf(regionOf(settings))}/v1`,
  // Not part of the base URL: at a custom host they stand below its version too.
  address: (wire, target) => ({ ...wire, path: `${placeOf(wire, target)}${wire.path}` }),
  authenticate: lazyAuth(auth),
  parts: [auth],
  env: ['VERTEX_ACCESS_TOKEN', 'GOOGLE_VERTEX_API_KEY'],
  envSettings: {
    projectId: ['VERTEX_PROJECT_ID', 'GOOGLE_CLOUD_PROJECT', 'VERTEXAI_PROJECT'],
    region: ['VERTEX_REGION', 'GOOGLE_CLOUD_LOCATION', 'VERTEXAI_LOCATION'],
    serviceAccountJson: ['VERTEX_SERVICE_ACCOUNT_JSON', 'GOOGLE_APPLICATION_CREDENTIALS_JSON'],
  },
  // Credentials are mostly fields, not the key: the authenticator says what is missing.
  needsKey: false,
  fieldPrefix: 'vertex',
};

function regionOf(settings: Settings): string {
  const region = textSetting(settings, 'region', 'location') ?? 'global';
  if (/^[a-z0-9-]+$/.test(region)) return region;
  throw new TranslationError('vertex_region', `vertex_region must be like "us-central1" or "global", not "${region}".`);
}

/** `/projects/…/locations/…`; empty where path or custom host name a project already, and in express mode. */
function placeOf({ path }: WireRequest, { settings, credentials }: ProviderTarget): string {
  const region = regionOf(settings);
  if (path.startsWith('/projects/') || /\/projects\//.test(customHostOf(settings) ?? '')) return '';
  const project = textSetting(settings, 'projectId', 'project') ?? projectOfKeyFile(settings.serviceAccountJson);
  if (project !== undefined) return `/projects/${encodeURIComponent(project)}/locations/${region}`;
  // In express mode the API key stands for the project.
  if (isGoogleApiKey(credentials.apiKey)) return '';
  throw new TranslationError(
    'vertex_project_id',
    'Vertex AI needs vertex_project_id, the ID of the Google Cloud project. Set it on the target or the virtual key, or GOOGLE_CLOUD_PROJECT.',
  );
}

function hostOf(region: string): string {
  if (region === 'global') return 'aiplatform.googleapis.com';
  return region === 'us' || region === 'eu'
    ? `aiplatform.${region}.rep.googleapis.com`
    : `${region}-aiplatform.googleapis.com`;
}
