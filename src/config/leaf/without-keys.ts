import type { Credentials } from '../../core/credentials.ts';
import type { PortkeyError } from '../../core/errors/portkey-error.ts';
import type { HttpRequest } from '../../core/transport.ts';

/** Takes the keys that a request was sent with out of what came back. */
export type Redact = (text: string) => string;

/** Shorter ones say nothing, and stand in many words. */
const shortestSecret = 6;

const secretHeader = /^(?:authorization|cookie|api-key|.*-(?:key|token|secret|api-key|authorization))$/i;
/** `Bearer`, `Basic` and the like say nothing. */
const scheme = /^[a-z][a-z0-9-]*\s+/i;
const secretSetting = /key|token|secret|passw|json/i;

/**
 * Some providers, and whoever stands between, repeat in an error what they were sent. Looks for the key, for every field of the provider that
 * may be one, and for what was made of them for this request.
 */
export function withoutKeys(credentials: Credentials, { headers }: Pick<HttpRequest, 'headers'>): Redact {
  const sent = Object.entries(headers).flatMap(([name, value]) =>
    secretHeader.test(name) ? value.replace(scheme, '').split(/\s+/) : [],
  );
  const fields = Object.entries(credentials.settings).flatMap(([name, value]) =>
    secretSetting.test(name) && typeof value === 'string' ? [value] : [],
  );
  const all = [credentials.apiKey ?? '', ...fields, ...sent].filter((secret) => secret.length >= shortestSecret);
  const secrets = [...new Set(all.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]))];
  // The longest first: one may stand in another.
  secrets.sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const secret of secrets)
      if (clean.length >= secret.length && clean.includes(secret)) clean = clean.replaceAll(secret, '[redacted]');
    return clean;
  };
}

/** Where an error may quote what came. */
const quoting = ['message', 'stack', 'error', 'headers', 'code', 'param', 'type'];

/** Takes keys out of an error that may quote what came back, in place, and out of its causes. */
export function redactIn(error: PortkeyError, redact: Redact): void {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    for (const name of quoting) {
      const value: unknown = Reflect.get(at, name);
      const clean = redacted(value, redact);
      if (clean !== value) Object.defineProperty(at, name, { value: clean });
    }
  }
}

function redacted(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  const text = JSON.stringify(value);
  const clean = redact(text);
  return clean === text ? value : JSON.parse(clean);
}
