import type { DocumentVersion } from '../../../../core/document-store.ts';
import { ConfigError, ConfigNotFoundError } from '../../../../core/errors/config-error.ts';
import type { Gateway } from '../../../gateway.ts';
import type { LiveTree } from './config-detail.tsx';
import { configTree } from './config-tree.ts';
import { recentCalls } from './recent-calls.ts';

/** A config as the next call would find it, with what its targets are doing. */
export async function liveTree(gateway: Gateway, { slug, versionId }: DocumentVersion): Promise<LiveTree> {
  const { own } = gateway.callers;
  const now = gateway.runtime.clock.now();
  try {
    const compiled = await own.forCall({ config: slug }).compiled;
    const calls = await recentCalls(gateway, slug, compiled.facts.version ?? versionId);
    const states = own.targetsOf(compiled);
    return { root: configTree(compiled.config, { states, calls: calls?.byPath }), calls, now };
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof ConfigNotFoundError)) throw error;
    return { root: undefined, problem: error.message, calls: undefined, now };
  }
}
