import { type Simulator, startSimulator } from 'modelmux/simulator';

/** Starts the simulated providers, and virtual keys that lead to them: no real key, no network beyond this machine. */
export async function simulated(): Promise<{ simulator: Simulator; virtualKeys: typeof keys }> {
  const simulator = await startSimulator({ seed: 7 });
  const at = (provider: string) => ({
    provider,
    api_key: `simulated-${provider}`,
    custom_host: simulator.baseUrl(provider),
  });
  const keys = {
    'anthropic-prod': at('anthropic'),
    'openai-prod': at('openai'),
    'azure-prod': { ...at('azure-openai'), resource_name: 'simulated', deployment_id: 'gpt-35' },
    'azure-backup': { ...at('azure-openai'), resource_name: 'simulated', deployment_id: 'gpt-4' },
    'anyscale-prod': at('anyscale'),
  };
  return { simulator, virtualKeys: keys };
}

declare const keys: Record<string, { provider: string; api_key: string; custom_host: string }>;
