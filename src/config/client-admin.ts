import type { Closers } from '../core/closers.ts';
import type { DocumentStore } from '../core/document-store.ts';
import { InvalidRequestError } from '../core/errors/request-errors.ts';
import { lazyPart } from '../core/lazy-part.ts';
import type { Runtime } from '../core/runtime.ts';
import type { WritableVault } from '../vault/writable.ts';
import type { ConfigNames } from './check.ts';
import type { PromptsOption } from './client-options.ts';
import type { ConfigAdmin } from './config-admin.ts';
import type { ConfigFinder } from './config-finder.ts';
import { promptStore } from './prompt-store.ts';
import type { ClientVaults } from './vaults.ts';

/** What a client keeps beside its calls, to be changed. */
export interface ClientAdmin {
  /** Configs by ID. Rejects with `InvalidRequestError` where they are only looked up. */
  configs(): Promise<ConfigAdmin>;
  /** The vault. Rejects with `InvalidRequestError` where it cannot be changed. */
  vault(): Promise<WritableVault>;
  prompts(): Promise<DocumentStore>;
}

/** What a client's administration is made of. */
export interface ClientAdminParts {
  readonly finder: ConfigFinder;
  readonly names: ConfigNames;
  readonly vaults: ClientVaults;
  readonly prompts: PromptsOption | undefined;
}

const administration = lazyPart('config-admin', () => import('./config-admin.ts'));

/** The administration of a client in this process. Throws `ConfigError` for an option that cannot be meant. */
export function clientAdmin(
  { finder, names, vaults, prompts }: ClientAdminParts,
  { traceId, clock }: Pick<Runtime, 'traceId' | 'clock'>,
  closers: Closers,
): ClientAdmin {
  closers.add(finder.close);
  const tools = { suffix: () => traceId().slice(0, 6), names, others: finder.others };
  return {
    configs: async () => {
      const [store, { configAdmin }] = await Promise.all([finder.store(), administration.get()]);
      return configAdmin(store, tools);
    },
    vault: vaults.writable,
    prompts: promptStore(prompts, clock),
  };
}

/** Of a client whose gateway keeps all that. */
export const gatewayAdmin: ClientAdmin = {
  configs: () => kept('configs'),
  vault: () => kept('virtual keys'),
  prompts: () => kept('prompts'),
};

async function kept(what: string): Promise<never> {
  throw new InvalidRequestError('baseURL', `The gateway keeps the ${what}.`);
}
