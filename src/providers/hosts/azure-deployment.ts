import type { Settings } from '../../core/credentials.ts';
import { isJsonObject } from '../../core/json.ts';
import { textSetting } from './settings.ts';

/** A deployment of an Azure OpenAI resource. */
export interface Deployment {
  readonly name: string;
  readonly apiVersion: string | undefined;
}

/**
 * The deployment meant: the entry of `deployments` whose alias, or whose own name, is the model; else `deploymentId`; else the default
 * entry. Undefined when nothing says: the model then names the deployment.
 */
export function deploymentOf({
  model,
  settings,
}: {
  readonly model: string;
  readonly settings: Settings;
}): Deployment | undefined {
  const known = listed(settings['deployments']);
  const explicit = textSetting(settings, 'deploymentId', 'azureDeploymentId');
  const named = known.find((entry) => entry.alias === model) ?? known.find((entry) => entry.name === model);
  if (named !== undefined) return named;
  return explicit === undefined ? known.find((entry) => entry.isDefault) : { name: explicit, apiVersion: undefined };
}

interface Listed extends Deployment {
  readonly alias: string | undefined;
  readonly isDefault: boolean;
}

/** Entries are spelled `{deployment_id, alias, api_version, is_default}`, or the same in camelCase. */
function listed(deployments: unknown): readonly Listed[] {
  if (!Array.isArray(deployments)) return [];
  return deployments.filter(isJsonObject).flatMap((entry) => {
    const name = textSetting(entry, 'deploymentId', 'deployment_id');
    if (name === undefined) return [];
    const apiVersion = textSetting(entry, 'apiVersion', 'api_version');
    const isDefault = textSetting(entry, 'isDefault', 'is_default') === 'true';
    return [{ name, apiVersion, alias: textSetting(entry, 'alias'), isDefault }];
  });
}
