import { TranslationError } from '../../core/errors/reply-errors.ts';
import { azureAuth } from './azure-auth.ts';
import { toBaseUrl } from './base-url.ts';
import { openAiCompatible } from './compatible.ts';
import { customHostOf, headersFrom, textSetting } from './settings.ts';

const facts = { title: 'Azure AI Foundry', env: ['AZURE_AI_API_KEY', 'AZURE_INFERENCE_CREDENTIAL'] };

const ownHeaders = headersFrom({
  'extra-parameters': ['extraParameters', 'extraParams', 'azureExtraParameters'],
  'azureml-model-deployment': ['deploymentName', 'azureDeploymentName'],
});

/** Models of Azure AI Foundry. Source: Microsoft Learn, "Azure AI Model Inference REST API". */
export const azureAi = openAiCompatible({
  ...facts,
  name: 'azure-ai',
  aliases: ['azure-ai-inference', 'azure-ai-foundry'],
  baseUrl({ settings }) {
    const url = textSetting(settings, 'foundryUrl', 'azureFoundryUrl');
    if (url !== undefined) return toBaseUrl(url, isResource(url) ? `${new URL(url).origin}/models` : url);
    if (customHostOf(settings) !== undefined) return 'https://custom.services.ai.azure.com/models';
    throw new TranslationError(
      'azure_foundry_url',
      'Azure AI Foundry needs azure_foundry_url, as in "https://my-resource.services.ai.azure.com/models", or AZURE_AI_API_BASE, or custom_host.',
    );
  },
  address: (wire, { settings }) => ({
    ...wire,
    query: {
      ...wire.query,
      'api-version': textSetting(settings, 'apiVersion', 'azureApiVersion') ?? '2024-05-01-preview',
    },
    headers: { ...wire.headers, ...ownHeaders(settings) },
  }),
  // A resource takes its key as api-key, a serverless deployment (*.models.ai.azure.com) as bearer.
  authenticate: azureAuth(facts, (url) => (isResource(url) ? 'api-key' : 'authorization')),
  envSettings: { foundryUrl: ['AZURE_AI_API_BASE', 'AZURE_INFERENCE_ENDPOINT'] },
  endpoints: ['chat/completions', 'completions', 'embeddings', 'images/generations', 'images/edits'],
  fieldPrefix: 'azure',
});

function isResource(url: string): boolean {
  return /\.(?:services\.ai|openai|cognitiveservices)\.azure\.com$/i.test(URL.parse(url)?.hostname ?? '');
}
