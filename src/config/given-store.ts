import type { DocumentStore } from '../core/document-store.ts';
import { ConfigError } from '../core/errors/config-error.ts';
import { isJsonObject } from '../core/json.ts';
import { type OpenedOnce, openOnce } from '../core/open-once.ts';
import { backgroundClock, type Clock, systemClock } from '../core/runtime.ts';
import { isKeepVersions } from '../stores/documents/kept-versions.ts';

/** What is kept, and the time. */
export interface StoreUse {
  readonly collection: 'configs' | 'prompts';
  readonly clock: Clock;
}

/** The store that an option names: `{ store }`, or `{ postgres }`, opened by its first use. Undefined where it names neither. Throws `ConfigError`. */
export function givenStore(option: object, { collection, clock }: StoreUse): OpenedOnce<DocumentStore> | undefined {
  const { store, postgres } = option as Readonly<Record<string, unknown>>;
  if (isDocumentStore(store)) return { get: async () => store, known: store };
  if (typeof postgres !== 'string') return undefined;
  if (!/^postgres(?:ql)?:\/\/./.test(postgres))
    throw new ConfigError(
      [{ path: `options.${collection}.postgres`, message: 'Must begin with postgres://.' }],
      'Invalid options',
    );
  readKeepVersions(option, collection);
  return openOnce(async () => {
    const { openPostgresDocuments } = await import('../stores/documents/postgres/postgres-documents.ts');
    // A timer of the system's clock would keep the process running.
    const time = clock === systemClock ? backgroundClock : clock;
    return openPostgresDocuments(postgres, {
      collection,
      clock: time,
      keepVersions: readKeepVersions(option, collection),
    });
  });
}

/** How many versions an option says are kept; undefined where it does not say. Throws `ConfigError`. */
export function readKeepVersions(option: object, collection: StoreUse['collection']): number | undefined {
  const { keepVersions } = option as Readonly<Record<string, unknown>>;
  if (keepVersions === undefined || isKeepVersions(keepVersions)) return keepVersions;
  const path = `options.${collection}.keepVersions`;
  throw new ConfigError([{ path, message: 'Must be a whole number, 1 or more.' }], 'Invalid options');
}

/** A store may be of any class: its methods need not be its own. */
function isDocumentStore(given: unknown): given is DocumentStore {
  const methods = ['list', 'get', 'versions', 'put', 'delete'];
  return isJsonObject(given) && methods.every((name) => typeof given[name] === 'function');
}
