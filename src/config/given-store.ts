import type { DocumentStore } from '../core/document-store.ts';
import { ConfigError } from '../core/errors/config-error.ts';
import { isJsonObject } from '../core/json.ts';
import { backgroundClock, type Clock, systemClock } from '../core/runtime.ts';
import { type OpenedOnce, openOnce } from './open-once.ts';

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
  return openOnce(async () => {
    const { openPostgresDocuments } = await import('../stores/documents/postgres/postgres-documents.ts');
    // A timer of the system's clock would keep the process running.
    return openPostgresDocuments(postgres, collection, clock === systemClock ? backgroundClock : clock);
  });
}

/** A store may be of any class: its methods need not be its own. */
function isDocumentStore(given: unknown): given is DocumentStore {
  const methods = ['list', 'get', 'versions', 'put', 'delete'];
  return isJsonObject(given) && methods.every((name) => typeof given[name] === 'function');
}
