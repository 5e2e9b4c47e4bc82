import { leavesOf } from './children.ts';
import type { Config } from './config.ts';
import { groupResolver, modelNames } from './model-names.ts';

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

/** The leaves of a config, in order. `path`: where it stands. */
export function describeTargets(config: Config, path = 'config'): readonly TargetDescription[] {
  return describe(config, path, undefined);
}

/** A model that a config offers. */
export interface ModelDescription {
  readonly id: string;
  /** Its provider; `modelmux` where several answer to one name. */
  readonly owner: string;
}

/** What may be asked for: the names of model groups, else the targets by the model set for them, their name or path. */
export function describeModels(config: Config): readonly ModelDescription[] {
  if (config.model_groups === undefined)
    return describeTargets(config).map(({ path, name, provider, model }) => ({
      id: model ?? name ?? path,
      owner: provider,
    }));
  return modelNames(config).listed.map((id) => ({ id, owner: ownerOf(groupAt(id, config)) }));
}

/** A target that may answer to a model. */
export interface ModelTarget extends TargetDescription {
  /** The name that a request asks for. */
  readonly asked: string;
  readonly target: Config;
}

/** Who may answer to each model that a request may name, in order; without groups the models that the config sets. */
export function describeModelTargets(config: Config): readonly ModelTarget[] {
  if (config.model_groups === undefined)
    return targetsOf(config, 'config').flatMap((found) =>
      found.model === undefined ? [] : [{ ...found, asked: found.model }],
    );
  return modelNames(config).listed.flatMap((asked) => {
    const name = groupResolver(config)?.(asked)?.group;
    const group = name === undefined ? undefined : config.model_groups?.[name];
    if (name === undefined || group === undefined) return [];
    const found = targetsOf(group, `config.model_groups[${JSON.stringify(name)}]`);
    // A target that sets none is asked for the group's.
    return found.map((one) => ({ model: name, ...one, asked }));
  });
}

function targetsOf(node: Config, path: string): readonly Omit<ModelTarget, 'asked'>[] {
  const leaves = leavesOf(node);
  return describeTargets(node, path).flatMap((described, index) => {
    const target = leaves[index];
    return target === undefined ? [] : [{ ...described, target }];
  });
}

/** One model by its name: also by an alias that is not listed, and by what a pattern matches. */
export function describeModel(id: string, root: Config): ModelDescription | undefined {
  const group = groupAt(id, root);
  return group === undefined ? undefined : { id, owner: ownerOf(group) };
}

function groupAt(id: string, root: Config): Config | undefined {
  const found = groupResolver(root)?.(id);
  return found === undefined ? undefined : root.model_groups?.[found.group];
}

function ownerOf(group: Config | undefined): string {
  const providers = new Set((group === undefined ? [] : describeTargets(group)).map(({ provider }) => provider));
  return providers.size === 1 ? [...providers].join() : 'modelmux';
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
