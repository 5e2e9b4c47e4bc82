import { InvalidRequestError } from '../core/errors/request-errors.ts';
import type { JsonObject } from '../core/json.ts';
import { objectPath } from './call-path.ts';
import type { Caller } from './caller.ts';
import { configDiff } from './config-diff.ts';
import type { ConfigList, ConfigName, Configs, ConfigUpdated, ConfigVersionObject } from './configs.ts';
import { toWhole } from './reply-value.ts';
import { send } from './send.ts';

/** The configs that a gateway keeps: hosted Portkey, or `modelmux serve`. Versions are compared and restored from here. */
export function gatewayConfigs(caller: Caller): Configs {
  const ask = async <Answer extends object>(method: string, path: string, body: JsonObject = {}): Promise<Answer> =>
    send(caller, () => ({ endpoint: 'proxy', method, path, body }), [], toWhole<Answer>);
  const at = ({ slug, id = slug }: ConfigName, below?: string) => objectPath('configs', slug ?? id, below);
  const versionsOf = (name: ConfigName) => ask<ConfigList<ConfigVersionObject>>('GET', at(name, 'versions'));

  async function configAt(name: ConfigName, wanted: number | string | undefined): Promise<unknown> {
    const { data } = await versionsOf(name);
    const found = data.find((one) => wanted === undefined || one.version === wanted || one.version_id === wanted);
    if (found === undefined) throw new InvalidRequestError('version', `The config has no version ${wanted}.`);
    const { config }: { readonly config: unknown } = found;
    return typeof config === 'string' ? JSON.parse(config) : config;
  }

  return {
    create: (body) => ask('POST', '/configs', { ...body }),
    retrieve: (body) => ask('GET', at(body)),
    list: ({ workspace_id: workspace } = {}) =>
      ask('GET', workspace === undefined ? '/configs' : `/configs?workspace_id=${encodeURIComponent(workspace)}`),
    update: ({ name, config, status, ...body }) =>
      ask('PUT', at(body), {
        ...(name === undefined ? {} : { name }),
        ...(config === undefined ? {} : { config }),
        ...(status === undefined ? {} : { status }),
      }),
    delete: (body) => ask('DELETE', at(body)),
    versions: versionsOf,
    async restore({ version, version_id: versionId, ...body }) {
      const wanted = version ?? versionId;
      if (wanted === undefined) throw new InvalidRequestError('version', '"version" is the number of a version.');
      return ask<ConfigUpdated>('PUT', at(body), { config: await configAt(body, wanted) });
    },
    async diff({ from, to, ...body }) {
      const [before, after] = [await configAt(body, from), await configAt(body, to)];
      const data = configDiff(before, after);
      return { object: 'list', total: data.length, data };
    },
  };
}
