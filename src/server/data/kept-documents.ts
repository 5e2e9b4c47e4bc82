import { type ConfigFinder, configFinder } from '../../config/config-finder.ts';
import type { FindConfig } from '../../config/refs.ts';
import type { DocumentStore } from '../../core/document-store.ts';
import { ConfigNotFoundError } from '../../core/errors/config-error.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { Shared } from '../../core/shared-state.ts';
import { memoryDocuments } from '../../stores/documents/memory-documents.ts';
import type { Records } from './records.ts';

/** Where a server keeps what has no place of its own. */
export interface DocumentPlaces {
  readonly records: Records;
  readonly shared: Shared | undefined;
  readonly runtime: Runtime;
}

/**
 * Lets the configs of `base` be changed. A folder or a store of configs keeps its own; else they lie over those of `base`, in what servers
 * share, or in memory and with the server's data.
 */
export function changeable({ records, shared, runtime }: DocumentPlaces): (base: ConfigFinder) => ConfigFinder {
  return (base) => {
    const { memory, isReadOnly } = base;
    if (memory === undefined && !isReadOnly) return base;
    if (shared?.documents !== undefined)
      return over(base, configFinder({ store: shared.documents('configs') }, runtime), async (id, find) => {
        try {
          return await find(id);
        } catch (error) {
          if (error instanceof ConfigNotFoundError) return undefined;
          throw error;
        }
      });
    if (memory !== undefined) {
      keep(memory, 'configs', records);
      return base;
    }
    const made = configFinder({}, runtime);
    if (made.memory !== undefined) keep(made.memory, 'configs', records);
    return over(base, made, (id, find) => find(id));
  };
}

/** Prompts that have no place of their own. */
export function keptPrompts({ records, shared, runtime }: DocumentPlaces): () => Promise<DocumentStore> {
  const store = shared?.documents?.('prompts');
  if (store !== undefined) return async () => store;
  const memory = memoryDocuments({}, () => runtime.clock.now());
  keep(memory, 'prompts', records);
  return async () => memory;
}

function keep(documents: ReturnType<typeof memoryDocuments>, name: string, records: Records): void {
  documents.keptBy(records.save);
  records.part(name, documents);
}

/** `made` lies over `base`. `look`: how one of `made` is found, undefined where there is none. */
function over(base: ConfigFinder, made: ConfigFinder, look: (id: string, find: FindConfig) => unknown): ConfigFinder {
  const orBase = (id: string, found: unknown) => found ?? base.find(id);
  const find = (id: string) => {
    const found = look(id, made.find);
    return found instanceof Promise ? found.then((config) => orBase(id, config)) : orBase(id, found);
  };
  return {
    find: Object.assign(find, {
      ids: () => [...(made.find.ids?.() ?? []), ...(base.find.ids?.() ?? [])],
      versionOf: (config: object) => made.find.versionOf?.(config) ?? base.find.versionOf?.(config),
    }),
    isImmediate: base.isImmediate && made.isImmediate,
    store: made.store,
    others: base.find,
    isReadOnly: false,
    close() {
      made.close();
      base.close();
    },
  };
}
