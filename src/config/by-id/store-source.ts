import type { DocumentStore } from '../../core/document-store.ts';
import type { OpenedOnce } from '../../core/open-once.ts';
import { checkConfigId } from './config-id.ts';
import { configListeners } from './config-listeners.ts';
import type { ConfigSource } from './config-source.ts';

/** A source over a store of documents, which is opened by the first lookup. */
export interface StoreSource extends ConfigSource {
  /** Listens to the store no longer. */
  close(): void;
}

/** A source over a store, asked at every `get`: wrap it in `cachedConfigs`. `onLook`: see `DocumentStore`. */
export function storeSource(opened: OpenedOnce<DocumentStore>, onLook?: (failure: unknown) => void): StoreSource {
  const { subscribe, notify } = configListeners(undefined);
  let end: (() => void) | undefined;
  let isClosed = false;
  return {
    async get(id) {
      checkConfigId(id);
      const store = await opened.get();
      if (!isClosed) end ??= store.subscribe?.(notify, onLook);
      const found = await store.get(id);
      return found === undefined ? undefined : { config: found.content, name: found.name, version: found.versionId };
    },
    subscribe,
    close() {
      isClosed = true;
      end?.();
    },
  };
}
