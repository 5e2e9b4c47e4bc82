import type { DocumentStore } from '../core/document-store.ts';
import { ConfigError } from '../core/errors/config-error.ts';
import { openOnce } from '../core/open-once.ts';
import { backgroundClock, type Clock, systemClock } from '../core/runtime.ts';
import { memoryDocuments } from '../stores/documents/memory-documents.ts';
import type { PromptsOption } from './client-options.ts';
import { givenStore, readKeepVersions } from './given-store.ts';

/** Opens the store behind the option `prompts` once; without it one in memory. Throws `ConfigError`. */
export function promptStore(option: PromptsOption | undefined, clock: Clock): () => Promise<DocumentStore> {
  if (option === undefined) {
    const memory = memoryDocuments({}, () => clock.now());
    return async () => memory;
  }
  const given = givenStore(option, { collection: 'prompts', clock });
  if (given !== undefined) return given.get;
  const { folder } = option as Readonly<Record<string, unknown>>;
  if (typeof folder !== 'string' || folder === '')
    throw new ConfigError(
      [
        {
          path: 'options.prompts',
          message: 'Must be { folder }, { postgres }, or { store } such as redisDocuments(…).',
        },
      ],
      'Invalid options',
    );
  const keepVersions = readKeepVersions(option, 'prompts');
  return openOnce(async () => {
    const { folderDocuments } = await import('./by-id/folder-documents.ts');
    return folderDocuments(folder, clock === systemClock ? backgroundClock : clock, keepVersions);
  }).get;
}
