import { openAiCompatible } from './compatible.ts';

/** Moonshot AI. */
export const moonshot = openAiCompatible({
  name: 'moonshot',
  aliases: ['moonshot-ai', 'moonshotai'],
  title: 'Moonshot AI',
  // Keys of the international platform need custom_host "https://api.moonshot.ai/v1".
  baseUrl: 'https://api.moonshot.cn/v1',
  env: ['MOONSHOT_API_KEY'],
  endpoints: ['chat/completions', 'files'],
  developerRole: 'system',
});
