import type { Config } from './config.ts';

/** A target as the config tells of it; nothing secret. */
export interface TargetDescription {
  /** `config.targets[0]` */
  readonly path: string;
  readonly name?: string;
  /** Provider, or `@slug` of the virtual key. */
  readonly provider: string;
  /** The model the config sets for it; undefined where the request decides. */
  readonly model?: string;
}

/** The leaves of a config, in order. */
export function describeTargets(config: Config): readonly TargetDescription[] {
  return describe(config, 'config', undefined);
}

function describe(node: Config, path: string, inherited: string | undefined): readonly TargetDescription[] {
  const model = modelOf(node) ?? inherited;
  if (node.targets !== undefined)
    return node.targets.flatMap((target, index) => describe(target, `${path}.targets[${index}]`, model));
  const provider = node.virtual_key === undefined ? node.provider : `@${node.virtual_key}`;
  return [
    {
      path,
      provider: provider ?? '',
      ...(node.name === undefined ? {} : { name: node.name }),
      ...(model === undefined ? {} : { model }),
    },
  ];
}

function modelOf(node: Config): string | undefined {
  const model = node.override_params?.model ?? node.default_params?.model;
  return typeof model === 'string' ? model : undefined;
}
