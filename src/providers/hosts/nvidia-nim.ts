import { openAiCompatible } from './compatible.ts';

/** NVIDIA NIM. */
export const nvidiaNim = openAiCompatible({
  name: 'nvidia-nim',
  aliases: ['nvidia'],
  title: 'NVIDIA NIM',
  baseUrl: 'https://integrate.api.nvidia.com/v1',
  env: ['NVIDIA_NIM_API_KEY', 'NVIDIA_API_KEY'],
  endpoints: ['chat/completions', 'completions', 'embeddings'],
});
