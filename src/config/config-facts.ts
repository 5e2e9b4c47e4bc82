import type { ConfigFacts, StrategyMode } from '../core/config-facts.ts';
import type { Config } from './config.ts';

/** What logs and events may tell of a checked config. */
export function configFacts(config: Config, version?: string): ConfigFacts {
  const modes = new Map<string, StrategyMode>();
  collect(config, 'config', modes);
  return { modes, ...(version === undefined ? {} : { version }) };
}

function collect({ strategy, targets }: Config, path: string, modes: Map<string, StrategyMode>): void {
  if (strategy === undefined || targets === undefined) return;
  modes.set(path, strategy.mode);
  for (const [index, target] of targets.entries()) collect(target, `${path}.targets[${index}]`, modes);
}
