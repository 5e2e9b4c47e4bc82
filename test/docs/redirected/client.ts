import { Portkey as Client, type PortkeyOptions } from 'modelmux';

export * from 'modelmux';

const simulator = process.env['SIMULATOR_URL'] ?? '';

/** Providers by the end of their hosts' names. */
const hosts: Readonly<Record<string, string>> = {
  'api.anthropic.com': 'anthropic',
  'api.openai.com': 'openai',
  'api.groq.com': 'groq',
  'api.endpoints.anyscale.com': 'anyscale',
  'generativelanguage.googleapis.com': 'google',
  'openai.azure.com': 'azure-openai',
};

/** Sends what is meant for a provider's own address to the simulator. */
const redirected: typeof fetch = (input, init) => {
  const { hostname, pathname, search, href } = new URL(String(input));
  if (hostname === '127.0.0.1') return fetch(href, init);
  const provider = Object.entries(hosts).find(([host]) => hostname.endsWith(host))?.[1];
  if (provider === undefined) throw new Error(`Nobody should be asked at ${hostname}.`);
  return fetch(`${simulator}/${provider}${pathname.replace(/^\/openai\/v1/, '/v1')}${search}`, init);
};

/** The client of a block: as it is written there, but for where its calls go. */
export class Portkey extends Client {
  constructor(options: PortkeyOptions = {}) {
    super({ fetch: redirected, ...options });
  }
}
