import type { Config } from './config.ts';

/** The nodes right below one: its targets, of a root also its model groups. */
export function childrenOf({ targets = [], model_groups = {} }: Config): readonly Config[] {
  return [...targets, ...Object.values(model_groups)];
}
