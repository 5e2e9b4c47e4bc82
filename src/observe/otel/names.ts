import type { Endpoint } from '../../core/endpoint.ts';

// Names of OpenTelemetry's semantic conventions for generative AI, status "Development", as of November 2026:
// https://github.com/open-telemetry/semantic-conventions-genai (docs/gen-ai/gen-ai-spans.md, gen-ai-metrics.md). Written out: the
// package of constants deprecates them as they move. Names beginning with `modelmux.` are ours.

/** `gen_ai.operation.name` of a call. */
export function operationOf(endpoint: Endpoint): string {
  return operations[endpoint] ?? endpoint;
}

const operations: Partial<Record<Endpoint, string>> = {
  'chat/completions': 'chat',
  responses: 'chat',
  messages: 'chat',
  completions: 'text_completion',
  embeddings: 'embeddings',
  'images/generations': 'generate_content',
  'images/edits': 'generate_content',
  'images/variations': 'generate_content',
  'audio/speech': 'generate_content',
  'audio/transcriptions': 'generate_content',
  'audio/translations': 'generate_content',
};

/** `gen_ai.provider.name`: the conventions' name where they have one, else ours. */
export function providerOf(provider: string): string {
  return providers[provider] ?? provider;
}

const providers: Readonly<Record<string, string>> = {
  'azure-openai': 'azure.ai.openai',
  'azure-ai': 'azure.ai.inference',
  bedrock: 'aws.bedrock',
  google: 'gcp.gemini',
  'vertex-ai': 'gcp.vertex_ai',
  'mistral-ai': 'mistral_ai',
  moonshot: 'moonshot_ai',
  'perplexity-ai': 'perplexity',
  'x-ai': 'x_ai',
};

/** Upper bounds of the buckets of durations, in seconds. */
export const secondsBuckets = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

/** Upper bounds of the buckets of token counts. */
export const tokenBuckets = [
  1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
];
