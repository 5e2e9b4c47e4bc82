import { openAiCompatible } from './compatible.ts';

/** Lepton AI. */
export const lepton = openAiCompatible({
  name: 'lepton',
  aliases: ['lepton-ai'],
  title: 'Lepton AI',
  // Dedicated deployments have their own: custom_host "https://<deployment>.lepton.run/api/v1".
  baseUrl: 'https://api.lepton.ai/api/v1',
  env: ['LEPTON_API_KEY', 'LEPTON_API_TOKEN'],
  endpoints: ['chat/completions', 'completions', 'audio/transcriptions'],
});
