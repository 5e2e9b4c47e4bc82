import { didYouMean } from '../core/did-you-mean.ts';
import { apiError } from '../core/errors/api-error.ts';
import { InvalidRequestError } from '../core/errors/request-errors.ts';
import type { JsonObject } from '../core/json.ts';
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
  /** Puts a new key in the place of the old one. */
  update(body: VirtualKeyUpdateParams): Promise<VirtualKeyCreated>;
  /** The same under its own name. */
  rotate(body: VirtualKeyUpdateParams): Promise<VirtualKeyCreated>;
  delete(body: VirtualKeyName): Promise<VirtualKeyDeleted>;
}

/** Names a virtual key. */
export interface VirtualKeyName {
  readonly slug: string;
}

/** A new virtual key: what configs call it, who is asked, the key, and the provider's fields. */
export interface VirtualKeyCreateParams {
  /** Its slug, too, where that is not given: `OpenAI Prod` becomes `openai-prod`. */
  readonly name: string;
  readonly slug?: string | undefined;
  readonly provider: string;
  readonly key?: string | undefined;
  /** `resourceName`, `deploymentName`, `apiVersion`, `aws_region`, … */
  readonly [field: string]: unknown;
}

/** What to change of a virtual key. */
export interface VirtualKeyUpdateParams extends VirtualKeyName {
  readonly key: string;
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
  readonly status: 'active';
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
  note: 'A vault file keeps no notes.',
  usage_limits: 'Limits stand in the config: "budget" on a target.',
  rate_limits: 'Limits stand in the config: "rate_limit" on a target.',
  workspace_id: 'There are no workspaces here.',
  expires_at: 'Keys do not expire here.',
};

/** The virtual keys of a client; `open` rejects where its vault cannot be changed. */
export function localVirtualKeys(open: () => Promise<WritableVault>): VirtualKeys {
  async function required(slug: string): Promise<{ readonly vault: WritableVault; readonly entry: MaskedEntry }> {
    const vault = await open();
    const all = await vault.list();
    const entry = all.find((one) => one.slug === slug);
    if (entry !== undefined) return { vault, entry };
    const known = all.map((one) => one.slug);
    const message = `There is no virtual key "${slug}".${didYouMean(slug, known)}`;
    throw apiError({ status: 404, kind: 'not_found', type: 'not_found', code: 'unknown_virtual_key', message });
  }

  async function rotate({ slug, key, ...rest }: VirtualKeyUpdateParams): Promise<VirtualKeyCreated> {
    const [other] = Object.keys(rest);
    if (other !== undefined)
      throw new InvalidRequestError(
        other,
        `Only "key" can be changed. Remove the virtual key and create it anew for another "${other}".`,
      );
    await (await required(slug)).vault.rotate(slug, key);
    return { id: slug, slug, object: 'virtual-key' };
  }

  return {
    async create({ name, slug = slugFor(name), provider, key, ...fields }) {
      for (const [field, reason] of Object.entries(elsewhere)) {
        if (fields[field] !== undefined && fields[field] !== null) throw new InvalidRequestError(field, reason);
      }
      const vault = await open();
      const given: VirtualKeyFields = { ...fields, provider, ...(key === undefined ? {} : { api_key: key }) };
      await vault.add(slug, given);
      return { id: slug, slug, object: 'virtual-key' };
    },
    async list() {
      const data = (await (await open()).list()).map(toObject);
      return { object: 'list', total: data.length, data };
    },
    retrieve: async ({ slug }) => toObject((await required(slug)).entry),
    update: rotate,
    rotate,
    async delete({ slug }) {
      await (await required(slug)).vault.remove(slug);
      return { id: slug, slug, deleted: true, object: 'virtual-key' };
    },
  };
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
    rotate: update,
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

function toObject({ slug, provider, key, fields, createdAt, rotatedAt }: MaskedEntry): VirtualKeyObject {
  return {
    slug,
    name: slug,
    ai_provider_name: provider,
    masked_api_key: key ?? null,
    fields,
    status: 'active',
    created_at: createdAt,
    last_rotated_at: rotatedAt ?? null,
    object: 'virtual-key',
  };
}
