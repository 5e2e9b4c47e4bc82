import { closest } from '../../core/did-you-mean.ts';
import type { Provider } from '../../core/provider.ts';
import { ai21 } from './ai21.ts';
import { anthropic } from './anthropic.ts';
import { anyscale } from './anyscale.ts';
import { azureAi } from './azure-ai.ts';
import { azureOpenai } from './azure-openai.ts';
import { bedrock } from './bedrock.ts';
import { cerebras } from './cerebras.ts';
import { cohere } from './cohere.ts';
import { dashscope } from './dashscope.ts';
import { deepinfra } from './deepinfra.ts';
import { deepseek } from './deepseek.ts';
import { featherlessAi } from './featherless-ai.ts';
import { fireworksAi } from './fireworks-ai.ts';
import { github } from './github.ts';
import { google } from './google.ts';
import { groq } from './groq.ts';
import { huggingface } from './huggingface.ts';
import { hyperbolic } from './hyperbolic.ts';
import { inferenceNet } from './inference-net.ts';
import { jina } from './jina.ts';
import { klusterAi } from './kluster-ai.ts';
import { lambda } from './lambda.ts';
import { lepton } from './lepton.ts';
import { lingyi } from './lingyi.ts';
import { llamaCpp } from './llama-cpp.ts';
import { lmStudio } from './lm-studio.ts';
import { mistralAi } from './mistral-ai.ts';
import { moonshot } from './moonshot.ts';
import { nebius } from './nebius.ts';
import { nomic } from './nomic.ts';
import { novitaAi } from './novita-ai.ts';
import { nscale } from './nscale.ts';
import { nvidiaNim } from './nvidia-nim.ts';
import { ollama } from './ollama.ts';
import { openai } from './openai.ts';
import { openaiCompatible } from './openai-compatible.ts';
import { openrouter } from './openrouter.ts';
import { ovhcloud } from './ovhcloud.ts';
import { perplexityAi } from './perplexity-ai.ts';
import { predibase } from './predibase.ts';
import { rekaAi } from './reka-ai.ts';
import { googlebard, palm } from './retired.ts';
import { sambanova } from './sambanova.ts';
import { siliconflow } from './siliconflow.ts';
import { togetherAi } from './together-ai.ts';
import { upstage } from './upstage.ts';
import { vertexAi } from './vertex-ai.ts';
import { vllm } from './vllm.ts';
import { voyage } from './voyage.ts';
import { workersAi } from './workers-ai.ts';
import { xAi } from './x-ai.ts';
import { zAi } from './z-ai.ts';
import { zhipu } from './zhipu.ts';

/** Every provider known, one line a host. */
export const providers: readonly Provider[] = [
  openai,
  azureOpenai,
  anthropic,
  ai21,
  anyscale,
  azureAi,
  bedrock,
  cerebras,
  dashscope,
  deepinfra,
  deepseek,
  featherlessAi,
  fireworksAi,
  github,
  groq,
  huggingface,
  hyperbolic,
  inferenceNet,
  jina,
  klusterAi,
  lambda,
  lepton,
  lingyi,
  llamaCpp,
  lmStudio,
  mistralAi,
  moonshot,
  nebius,
  nomic,
  novitaAi,
  nscale,
  nvidiaNim,
  ollama,
  openaiCompatible,
  openrouter,
  ovhcloud,
  perplexityAi,
  predibase,
  rekaAi,
  sambanova,
  siliconflow,
  togetherAi,
  upstage,
  vllm,
  voyage,
  workersAi,
  xAi,
  zAi,
  zhipu,
  google,
  vertexAi,
  cohere,
  palm,
  googlebard,
];

/** Names of the providers in use; aliases and retired ones left out. */
export const providerNames: readonly string[] = providers.filter(isInUse).map((provider) => provider.name);

/** The provider called `name`, by its name or an alias; case does not matter, nor whether `-` or `_` is written. */
export function findProvider(name: string): Provider | undefined {
  return byName.get(normal(name));
}

/** The provider that `name` most likely misspells, for "Did you mean …?". Undefined when none is near. */
export function suggestProvider(name: string): string | undefined {
  const near = closest(normal(name), searched);
  return near === undefined ? undefined : findProvider(near)?.name;
}

const byName: ReadonlyMap<string, Provider> = new Map(
  providers.flatMap((provider) => namesOf(provider).map((name) => [name, provider] as const)),
);

const searched: readonly string[] = providers.filter(isInUse).flatMap(namesOf);

function namesOf({ name, aliases = [] }: Provider): readonly string[] {
  return [name, ...aliases].map(normal);
}

function isInUse(provider: Provider): boolean {
  return provider.retired === undefined;
}

function normal(name: string): string {
  return name.trim().toLowerCase().replaceAll('_', '-');
}
