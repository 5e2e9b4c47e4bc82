import { groupNames, type ResolveGroup } from '../routing/strategies/index.ts';
import type { Config } from './config.ts';

/** The names of a config's model groups. */
export interface ModelNames {
  /** What a request may ask for: groups without stars in their names, then aliases that are not hidden, each once. */
  readonly listed: readonly string[];
  /** From alias to the name it stands for. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** Reads the names of a root with `model_groups`. */
export function modelNames({ model_groups = {}, aliases = {} }: Config): ModelNames {
  const entries = Object.entries(aliases).map(([alias, given]) => {
    const { model, hidden = false } = typeof given === 'string' ? { model: given } : given;
    return { alias, model, hidden };
  });
  const groups = Object.keys(model_groups).filter((name) => !name.includes('*'));
  return {
    listed: [...new Set([...groups, ...entries.filter(({ hidden }) => !hidden).map(({ alias }) => alias)])],
    aliases: new Map(entries.map(({ alias, model }) => [alias, model])),
  };
}

/** From a model to its group; undefined where the config has no groups. */
export function groupResolver(root: Config): ResolveGroup | undefined {
  return root.model_groups === undefined
    ? undefined
    : groupNames(Object.keys(root.model_groups), modelNames(root).aliases);
}
