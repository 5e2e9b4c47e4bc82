import type { Config } from '../../config/config.ts';

/** A fallback from two shares of a loadbalance to a third provider; who fails is left alone for a while. `coolSeconds`: for how long at first. */
export function demoConfig(baseUrl: (provider: string) => string, coolSeconds: number): Config {
  const at = (provider: string) => ({ provider, api_key: 'simulated', custom_host: baseUrl(provider) });
  return {
    strategy: { mode: 'fallback' },
    cooldown: { allowed_fails: 2, window: 10, time: coolSeconds, max_time: coolSeconds },
    targets: [
      {
        name: 'primary',
        strategy: { mode: 'loadbalance' },
        targets: [
          { ...at('openai'), name: 'openai', weight: 0.7 },
          {
            ...at('azure-openai'),
            name: 'azure',
            weight: 0.3,
            resource_name: 'simulated',
            deployment_id: 'gpt-4o-mini',
          },
        ],
      },
      { ...at('anthropic'), name: 'anthropic', override_params: { model: 'claude-3-5-haiku-latest' } },
    ],
  };
}

/** The targets by the names in the tables. */
export const demoTargets = ['openai', 'azure', 'anthropic'] as const;
