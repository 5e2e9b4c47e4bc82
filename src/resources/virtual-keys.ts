import { didYouMean } from '../core/did-you-mean.ts';
import { apiError } from '../core/errors/api-error.ts';
import { InvalidRequestError } from '../core/errors/request-errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { KeyRateLimit, UsageLimits, WrittenTerms } from '../vault/key-terms.ts';
import type { MaskedEntry } from '../vault/vault-entries.ts';
import type { VirtualKeyFields } from '../vault/virtual-key-fields.ts';
import type { WritableVault } from '../vault/writable.ts';
import { objectPath } from './call-path.ts';
import type { Caller } from './caller.ts';
import { toWhole } from './reply-value.ts';
import { send } from './send.ts';

/**
 * `portkey.virtualKeys`, with Portkey's payloads: the virtual keys of a vault file. A key is shown once, to the one who gives it: what is
 * listed has its last four characters at most.
 */
export interface VirtualKeys {
  create(body: VirtualKeyCreateParams): Promise<VirtualKeyCreated>;
  list(): Promise<VirtualKeyList>;
  retrieve(body: VirtualKeyName): Promise<VirtualKeyObject>;
  /** Puts a new key in the place of the old one, or changes what the virtual key may be used for and what is said of it. */
  update(body: VirtualKeyUpdateParams): Promise<VirtualKeyCreated>;
  /** Puts a new key in the place of the old one. */
  rotate(body: VirtualKeyRotateParams): Promise<VirtualKeyCreated>;
  delete(body: VirtualKeyName): Promise<VirtualKeyDeleted>;
}

/** Names a virtual key. */
export interface VirtualKeyName {
  readonly slug: string;
}

/** A new virtual key: what configs call it, who is asked, the key, and the provider's fields. */
export interface VirtualKeyCreateParams extends WrittenTerms {
  /** Its slug, too, where that is not given: `OpenAI Prod` becomes `openai-prod`. */
  readonly name: string;
  readonly slug?: string | undefined;
  readonly provider: string;
  readonly key?: string | undefined;
  /** For people; at most 1000 characters. */
  readonly note?: string | null | undefined;
  /** `resourceName`, `deploymentName`, `apiVersion`, `aws_region`, … */
  readonly [field: string]: unknown;
}

/** A new key for a virtual key. */
export interface VirtualKeyRotateParams extends VirtualKeyName {
  readonly key: string;
}

/** What to change of a virtual key: what is absent stays, null takes away. Clients that run heed it within seconds; what was used stays counted. */
export interface VirtualKeyUpdateParams extends VirtualKeyName {
  readonly key?: string | undefined;
  readonly name?: string | undefined;
  readonly note?: string | null | undefined;
  readonly usage_limits?: UsageLimits | null | undefined;
  readonly rate_limits?: readonly KeyRateLimit[] | null | undefined;
  readonly expires_at?: string | null | undefined;
}

/** Answer to `create` and `update`. */
export interface VirtualKeyCreated {
  readonly id: string;
  readonly slug: string;
  readonly object: 'virtual-key';
}

/** Answer to `delete`. */
export interface VirtualKeyDeleted extends VirtualKeyCreated {
  readonly deleted: true;
}

/** A virtual key as it may be shown. */
export interface VirtualKeyObject {
  readonly slug: string;
  readonly name: string;
  readonly ai_provider_name: string;
  /** `…` and the last four characters of a long key; null where there is none. */
  readonly masked_api_key: string | null;
  /** Names of the provider's fields. Their values may be secrets as well. */
  readonly fields: readonly string[];
  /** All that calls with it may cost, or the tokens they may use; null: no limit. */
  readonly usage_limits: UsageLimits | null;
  readonly rate_limits: readonly KeyRateLimit[];
  readonly expires_at: string | null;
  readonly note: string | null;
  readonly status: 'active' | 'expired';
  readonly created_at: string;
  readonly last_rotated_at: string | null;
  readonly object: 'virtual-key';
}

/** Portkey's list. */
export interface VirtualKeyList {
  readonly object: 'list';
  readonly total: number;
  readonly data: readonly VirtualKeyObject[];
}

/** What hosted Portkey does and a vault file does not; refused, so that nobody takes it for done. */
const elsewhere: Readonly<Record<string, string>> = {
  workspace_id: 'There are no workspaces here.',
  reset_usage: 'What was used is counted until its period ends.',
};

/** What a vault must be able to change for a virtual key to have it. */
const changeable = ['name', 'note', 'usage_limits', 'rate_limits', 'expires_at'] as const;

/** The virtual keys of a client; `open` rejects where its vault cannot be changed. */
export function localVirtualKeys(open: () => Promise<WritableVault>, now: () => number = Date.now): VirtualKeys {
  async function required(slug: string): Promise<{ readonly vault: WritableVault; readonly entry: MaskedEntry }> {
    const vault = await open();
    const all = await vault.list();
    const entry = all.find((one) => one.slug === slug);
    if (entry !== undefined) return { vault, entry };
    const known = all.map((one) => one.slug);
    const message = `There is no virtual key "${slug}".${didYouMean(slug, known)}`;
    throw apiError({ status: 404, kind: 'not_found', type: 'not_found', code: 'unknown_virtual_key', message });
  }

  async function update({ slug, key, ...changes }: VirtualKeyUpdateParams): Promise<VirtualKeyCreated> {
    refuseElsewhere(changes);
    const known: readonly string[] = changeable;
    const other = Object.keys(changes).find((name) => !known.includes(name));
    if (other !== undefined)
      throw new InvalidRequestError(
        other,
        `Only "key", ${changeable.map((name) => `"${name}"`).join(', ')} can be changed. Remove the virtual key and create it anew for another "${other}".`,
      );
    const { vault } = await required(slug);
    if (Object.values(changes).every((value) => value === undefined)) {
      if (key === undefined)
        throw new InvalidRequestError('key', 'Nothing to change: give "key", "usage_limits", "rate_limits", …');
      await vault.rotate(slug, key);
    } else await changing(vault)(slug, { ...changes, apiKey: key });
    return { id: slug, slug, object: 'virtual-key' };
  }

  return {
    async create({ name, slug = slugFor(name), provider, key, ...fields }) {
      refuseElsewhere(fields);
      const vault = await open();
      const wanted = changeable.filter((field) => fields[field] !== undefined && fields[field] !== null);
      const labels = wanted.length > 0 || vault.update !== undefined ? { name } : {};
      if (wanted.length > 0) changing(vault);
      const given: VirtualKeyFields = {
        ...fields,
        ...labels,
        provider,
        ...(key === undefined ? {} : { api_key: key }),
      };
      await vault.add(slug, given);
      return { id: slug, slug, object: 'virtual-key' };
    },
    async list() {
      const data = (await (await open()).list()).map((entry) => toObject(entry, now()));
      return { object: 'list', total: data.length, data };
    },
    retrieve: async ({ slug }) => toObject((await required(slug)).entry, now()),
    update,
    rotate: ({ slug, key }) => update({ slug, key }),
    async delete({ slug }) {
      await (await required(slug)).vault.remove(slug);
      return { id: slug, slug, deleted: true, object: 'virtual-key' };
    },
  };
}

function refuseElsewhere(fields: Readonly<Record<string, unknown>>): void {
  for (const [field, reason] of Object.entries(elsewhere))
    if (fields[field] !== undefined && fields[field] !== null) throw new InvalidRequestError(field, reason);
}

/** How a vault changes keys; throws where it keeps neither limits nor notes. */
function changing(vault: WritableVault): NonNullable<WritableVault['update']> {
  const { update } = vault;
  if (update === undefined)
    throw new InvalidRequestError('usage_limits', 'This vault keeps neither limits nor notes: it has no "update".');
  return update.bind(vault);
}

/** The virtual keys that a gateway keeps. */
export function gatewayVirtualKeys(caller: Caller): VirtualKeys {
  const ask = async <Answer extends object>(method: string, path: string, body: JsonObject = {}): Promise<Answer> =>
    send(caller, () => ({ endpoint: 'proxy', method, path, body }), [], toWhole<Answer>);
  const at = (slug: string) => objectPath('virtual-keys', slug);
  const update = ({ slug, ...changes }: VirtualKeyUpdateParams) =>
    ask<VirtualKeyCreated>('PUT', at(slug), { ...changes });
  return {
    create: (body) => ask('POST', '/virtual-keys', { ...body }),
    list: () => ask('GET', '/virtual-keys'),
    retrieve: ({ slug }) => ask('GET', at(slug)),
    update,
    rotate: ({ slug, key }) => update({ slug, key }),
    delete: ({ slug }) => ask('DELETE', at(slug)),
  };
}

function slugFor(name: unknown): string {
  const words = String(name ?? '')
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  if (words === '') throw new InvalidRequestError('name', '"name" is the name of the virtual key.');
  return words;
}

function toObject(entry: MaskedEntry, now: number): VirtualKeyObject {
  const { slug, name, note, provider, key, fields, createdAt, rotatedAt, terms = {} } = entry;
  const { usage_limits, rate_limits, expires_at } = terms;
  return {
    slug,
    name: name ?? slug,
    ai_provider_name: provider,
    masked_api_key: key ?? null,
    fields,
    usage_limits: usage_limits ?? null,
    rate_limits: rate_limits ?? [],
    expires_at: expires_at ?? null,
    note: note ?? null,
    status: expires_at !== undefined && Date.parse(expires_at) <= now ? 'expired' : 'active',
    created_at: createdAt,
    last_rotated_at: rotatedAt ?? null,
    object: 'virtual-key',
  };
}
