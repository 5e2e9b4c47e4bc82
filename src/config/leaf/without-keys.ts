import type { Credentials } from '../../core/credentials.ts';
import type { HttpRequest } from '../../core/transport.ts';

/** Takes the keys that a request was sent with out of what came back. */
export type Redact = (text: string) => string;

/** Shorter ones say nothing, and stand in many words. */
const shortestSecret = 6;

const secretHeader = /^(?:authorization|cookie|api-key|.*-(?:key|token|secret|api-key|authorization))$/i;
const secretSetting = /key|token|secret|passw|json/i;

/**
 * Some providers, and whoever stands between, repeat in an error what they were sent. Looks for the key, for every field of the provider that
 * may be one, and for what was made of them for this request.
 */
export function withoutKeys(credentials: Credentials, { headers }: Pick<HttpRequest, 'headers'>): Redact {
  const sent = Object.entries(headers).flatMap(([name, value]) => (secretHeader.test(name) ? value.split(/\s+/) : []));
  const fields = Object.entries(credentials.settings).flatMap(([name, value]) =>
    secretSetting.test(name) && typeof value === 'string' ? [value] : [],
  );
  const all = [credentials.apiKey ?? '', ...fields, ...sent].filter((secret) => secret.length >= shortestSecret);
  const secrets = [...new Set(all.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]))];
  // The longest first: one may stand in another.
  secrets.sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text);
}
