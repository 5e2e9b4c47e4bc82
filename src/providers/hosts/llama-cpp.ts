import { openAiCompatible } from './compatible.ts';

/** llama.cpp. */
export const llamaCpp = openAiCompatible({
  name: 'llama-cpp',
  aliases: ['llamacpp', 'llama.cpp', 'llamafile'],
  title: 'llama.cpp',
  baseUrl: 'http://localhost:8080/v1',
  env: ['LLAMA_API_KEY'],
  endpoints: ['chat/completions', 'completions', 'embeddings', 'responses'],
  envSettings: { customHost: ['LLAMAFILE_API_BASE'] },
  needsKey: false,
});
