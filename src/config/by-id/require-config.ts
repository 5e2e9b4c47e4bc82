import { didYouMean } from '../../core/did-you-mean.ts';
import { ConfigNotFoundError } from '../../core/errors/config-error.ts';
import type { ConfigSource, FoundConfig } from './config-source.ts';

/** The config behind `id`. Rejects with `ConfigNotFoundError`, naming the nearest known ID, when there is none. */
export async function requireConfig(source: ConfigSource, id: string): Promise<FoundConfig> {
  const found = await source.get(id);
  if (found !== undefined) return found;
  throw new ConfigNotFoundError(id, `does not exist.${didYouMean(id, source.ids?.() ?? [])}`);
}
