import { anthropic } from './anthropic/index.ts';
import { azureOpenAi } from './azure-openai.ts';
import { bedrock } from './bedrock/index.ts';
import { cohere } from './cohere/index.ts';
import { gemini } from './google/index.ts';
import { keyless, openAi, openAiCompatible } from './openai/index.ts';
import { vertexAi } from './vertex-ai.ts';
import type { WireFormat } from './wire-format.ts';

/** The wire format of a provider; OpenAI's for names that have none of their own. */
export function formatOf(provider: string): WireFormat {
  return formats.get(provider) ?? openAiCompatible;
}

/** Providers with a wire format or an address of their own. */
const formats: ReadonlyMap<string, WireFormat> = new Map([
  ['openai', openAi],
  ['azure-openai', azureOpenAi],
  ['anthropic', anthropic],
  ['google', gemini],
  ['vertex-ai', vertexAi],
  ['bedrock', bedrock],
  ['cohere', cohere],
  ...['ollama', 'vllm', 'lm-studio', 'llama-cpp', 'openai-compatible'].map((name) => [name, keyless] as const),
]);

/** Names of the providers that differ from a plain OpenAI-compatible one. */
export const simulatedProviders: readonly string[] = [...formats.keys()];
