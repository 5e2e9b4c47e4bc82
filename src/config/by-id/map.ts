import { ConfigError, type ConfigIssue } from '../../core/errors/config-error.ts';
import { isJsonObject } from '../../core/json.ts';
import { checkConfigId, configIdProblem } from './config-id.ts';
import type { ConfigSource } from './config-source.ts';

/**
 * The source behind the option `configs`: ID to config object. The IDs and that each is an object are checked here; a
 * `ConfigError` lists all that is wrong, at paths such as `configs["pc-main"]`. What is inside is checked by whoever compiles it.
 */
export function mapConfigs(configs: Readonly<Record<string, unknown>>): ConfigSource {
  const issues = isJsonObject(configs)
    ? Object.entries(configs).flatMap(([id, config]) => issuesOf(id, config))
    : [{ path: 'configs', message: 'must be an object of IDs, such as { "pc-main": { … } }' }];
  if (issues.length > 0) throw new ConfigError(issues, 'Invalid configs');
  const byId = new Map(Object.entries(configs));
  return {
    async get(id) {
      checkConfigId(id);
      return byId.has(id) ? { config: byId.get(id) } : undefined;
    },
    ids: () => [...byId.keys()],
  };
}

function issuesOf(id: string, config: unknown): ConfigIssue[] {
  const path = `configs[${JSON.stringify(id)}]`;
  const problem = configIdProblem(id);
  return [
    ...(problem === undefined ? [] : [{ path, message: `The ID ${problem}` }]),
    ...(isJsonObject(config) ? [] : [{ path, message: 'must be a config object' }]),
  ];
}
