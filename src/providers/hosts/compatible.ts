import type { Endpoint } from '../../core/endpoint.ts';
import type { Provider } from '../../core/provider.ts';
import { bearer } from '../auth/api-key.ts';
import { openai } from '../dialects/openai/index.ts';
import { adaptBy, type Quirks } from './quirks.ts';

/** An OpenAI-compatible host: what differs from OpenAI, as data. */
export interface CompatibleHost
  extends Omit<Provider, 'dialect' | 'authenticate' | 'endpoints' | 'adapt'>,
    Partial<Pick<Provider, 'dialect' | 'authenticate'>>,
    Quirks {
  /** Endpoints served, beside `models` and `proxy`, which every host has; chat alone when absent. */
  readonly endpoints?: readonly Endpoint[];
}

/** A provider that speaks OpenAI's wire format with the key as bearer token, unless `host` says otherwise. */
export function openAiCompatible(host: CompatibleHost): Provider {
  const { rename, values, unsupported, developerRole, endpoints = ['chat/completions'], ...provider } = host;
  const quirky = rename ?? values ?? unsupported ?? developerRole;
  return {
    dialect: openai,
    authenticate: bearer(host),
    ...provider,
    endpoints: [...new Set<Endpoint>([...endpoints, 'models', 'proxy'])],
    ...(quirky === undefined ? {} : { adapt: adaptBy(host, host.title) }),
  };
}
