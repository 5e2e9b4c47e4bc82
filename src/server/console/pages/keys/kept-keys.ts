import { InvalidRequestError } from '../../../../core/errors/request-errors.ts';
import { isJsonObject } from '../../../../core/json.ts';
import { localVirtualKeys, type VirtualKeyObject } from '../../../../resources/virtual-keys.ts';
import type { Gateway } from '../../../gateway.ts';

/** A virtual key as the console shows it. */
export interface KnownKey {
  readonly slug: string;
  readonly provider: string;
  /** Of one that can be changed here. */
  readonly kept: VirtualKeyObject | undefined;
}

/** The virtual keys of a server. */
export interface KnownKeys {
  readonly keys: readonly KnownKey[];
  /** False: they are only looked up. */
  readonly isWritable: boolean;
}

/** Every virtual key that configs may name here. */
export async function knownKeys({ vault, writableVault }: Gateway): Promise<KnownKeys> {
  const kept = await keptKeys(writableVault);
  const bySlug = new Map(kept?.map((key) => [key.slug, key]));
  const slugs = [...new Set([...bySlug.keys(), ...(vault.slugs?.() ?? [])])];
  const keys = await Promise.all(
    slugs.map(async (slug) => {
      const own = bySlug.get(slug);
      return { slug, kept: own, provider: own?.ai_provider_name ?? (await vault.get(slug))?.provider ?? '–' };
    }),
  );
  return { keys, isWritable: kept !== undefined };
}

/** Undefined where the keys are only looked up. */
async function keptKeys(open: Gateway['writableVault']): Promise<readonly VirtualKeyObject[] | undefined> {
  try {
    return (await localVirtualKeys(open).list()).data;
  } catch (error) {
    if (error instanceof InvalidRequestError) return undefined;
    throw error;
  }
}

/** IDs of the configs kept here that name a virtual key. */
export async function usersOf(slug: string, { callers }: Gateway): Promise<readonly string[]> {
  const configs = await (await callers.own.admin.configs()).list();
  return configs.filter(({ content }) => names(content, slug)).map((config) => config.slug);
}

function names(value: unknown, slug: string): boolean {
  if (Array.isArray(value)) return value.some((item) => names(item, slug));
  if (!isJsonObject(value)) return false;
  const { virtual_key: key, virtualKey, provider } = value;
  if ([key, virtualKey].includes(slug) || provider === `@${slug}`) return true;
  return Object.values(value).some((member) => names(member, slug));
}
