import type { ConfigFinder } from '../../config/config-finder.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Collection, Records } from './records.ts';

/** A config made over the admin calls. */
export interface StoredConfig {
  /** `pc-main-3f9a1c` */
  readonly slug: string;
  readonly id: string;
  readonly name: string;
  readonly config: JsonObject;
  readonly version_id: string;
  /** ISO 8601. */
  readonly created_at: string;
  readonly last_updated_at: string;
}

/** The configs that `records` hold, by slug. */
export function storedConfigs(records: Records): Collection<StoredConfig> {
  return records.collection<StoredConfig>('configs', (value) => {
    if (!isJsonObject(value) || !isJsonObject(value.config)) return undefined;
    const isSound = [value.slug, value.id, value.name, value.version_id].every((text) => typeof text === 'string');
    return isSound ? (value as unknown as StoredConfig) : undefined;
  });
}

/** Finds stored configs, and beside them what `base` finds. */
export function overStored(stored: Collection<StoredConfig>): (base: ConfigFinder | undefined) => ConfigFinder {
  return (base) => ({
    isImmediate: base?.isImmediate === true,
    find: Object.assign((id: string) => stored.get(id)?.config ?? base?.find(id), {
      ids: () => [...stored.all().map(({ slug }) => slug), ...(base?.find.ids?.() ?? [])],
      versionOf: (config: object) =>
        stored.all().find((known) => known.config === config)?.version_id ?? base?.find.versionOf?.(config),
    }),
  });
}
