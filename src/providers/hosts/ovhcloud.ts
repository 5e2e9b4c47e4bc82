import { openAiCompatible } from './compatible.ts';

/** OVHcloud AI Endpoints. */
export const ovhcloud = openAiCompatible({
  name: 'ovhcloud',
  aliases: ['ovh'],
  title: 'OVHcloud AI Endpoints',
  baseUrl: 'https://oai.endpoints.kepler.ai.cloud.ovh.net/v1',
  env: ['OVHCLOUD_API_KEY', 'OVH_AI_ENDPOINTS_ACCESS_TOKEN'],
  endpoints: ['chat/completions', 'completions', 'embeddings', 'responses', 'audio/transcriptions'],
  // Anonymous calls are allowed, at a low rate. Source: OVHcloud docs, "AI Endpoints".
  needsKey: false,
});
