import { deliverJson } from '../deliver.ts';
import type { Gateway } from '../gateway.ts';
import type { ServerContext } from '../server-env.ts';
import type { RouteGroup } from './route-group.ts';

/**
 * `GET /ready`: the default config is compiled, the vault is open, and the server is not about to stop; else 503. No provider is asked.
 * `/health/readiness` is LiteLLM's name for it.
 */
export const ready: RouteGroup = (app, gateway) => {
  for (const path of ['/ready', '/health/readiness']) app.get(path, (c) => answer(c, gateway));
};

async function answer(c: ServerContext, gateway: Gateway): Promise<Response> {
  c.get('exchange').endpoint = 'ready';
  const [config, vault] = await Promise.all([
    outcomeOf(() => compileDefault(gateway)),
    outcomeOf(() => openVault(gateway)),
  ]);
  const isReady = config === 'ok' && vault === 'ok' && !gateway.isDraining;
  const status = isReady ? 'ready' : gateway.isDraining ? 'draining' : 'not ready';
  return deliverJson(c, { status, checks: { config, vault } }, isReady ? 200 : 503);
}

/** Why a check failed is nobody's business who has no key; the server's operator finds it in the log of warnings. */
async function outcomeOf(check: () => unknown): Promise<'ok' | 'failed'> {
  try {
    await check();
    return 'ok';
  } catch {
    return 'failed';
  }
}

function compileDefault({ callers }: Gateway): unknown {
  return callers.own.forCall(undefined).compiled;
}

/** A vault file is opened by its first use. Other vaults are asked for nothing they do not hold. */
function openVault({ settings, vault }: Gateway): unknown {
  const { vault: given } = settings.client;
  const isFile = typeof given === 'object' && 'file' in given;
  return isFile ? vault.get('ready') : undefined;
}
