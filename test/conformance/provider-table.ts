import { type Endpoint, endpoints } from '../../src/core/endpoint.ts';
import type { Provider } from '../../src/core/provider.ts';
import { providers } from '../../src/providers/hosts/index.ts';
import { serves } from './runs.ts';

const start = '<!-- providers:start -->';
const end = '<!-- providers:end -->';

/** `page` with the table of providers, as the registry has it, between its two marks. Throws when a mark is missing. */
export function withProviderTable(page: string): string {
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/providers.md needs the marks ${start} and ${end}, in this order.`);
  return `${page.slice(0, from + start.length)}\n${providerTable()}\n${page.slice(to)}`;
}

/** One row a provider in use, one column a fact, in Markdown. */
export function providerTable(): string {
  const inUse = providers.filter(({ retired }) => retired === undefined);
  const rows = inUse.toSorted((one, other) => one.name.localeCompare(other.name, 'en')).map(rowOf);
  return [
    '| Provider | Name, aliases | Endpoints | Key | Environment variables |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    '*Italic*: translated from and to `chat/completions`. Every provider with `proxy` also takes its other paths as they are.',
  ].join('\n');
}

function rowOf(provider: Provider): readonly string[] {
  const { title, name, aliases = [], env, envSettings = {} } = provider;
  const variables = [...env, ...Object.values(envSettings).flat()];
  return [
    title,
    [`**\`${name}\`**`, ...aliases.map(code)].join(', '),
    endpointsOf(provider).join(', '),
    keyOf(provider),
    variables.map(code).join(', '),
  ];
}

/** Endpoints that any chat is translated to and from, and whose wire format they are. */
const bridged: Readonly<Partial<Record<Endpoint, string>>> = { responses: 'openai', messages: 'anthropic-messages' };

function endpointsOf(provider: Provider): readonly string[] {
  return endpoints.flatMap((endpoint) => {
    const home = bridged[endpoint];
    const isNative = serves(provider, endpoint) && (home === undefined || home === provider.dialect.name);
    if (isNative) return [code(endpoint)];
    return home !== undefined && serves(provider, 'chat/completions') ? [`*${code(endpoint)}*`] : [];
  });
}

/** How a call proves who asks, where it is not the key as bearer token. */
const ways: Readonly<Record<string, string>> = {
  anthropic: '`x-api-key`',
  'azure-ai': '`api-key`, Entra ID',
  'azure-openai': '`api-key`, Entra ID',
  bedrock: 'AWS signature, assumed role, or bearer',
  google: '`x-goog-api-key`',
  'vertex-ai': 'Google OAuth, service account',
};

function keyOf({ name, needsKey = true }: Provider): string {
  const way = ways[name];
  if (way !== undefined) return way;
  return needsKey ? 'bearer' : 'bearer, optional';
}

function code(text: string): string {
  return `\`${text}\``;
}
