import type { ConfigIssue } from '../../../../core/errors/config-error.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { isSecretName } from '../../../data/without-secrets.ts';

const dots = '••••';

/** A config to be shown and edited: in the place of each secret stand dots, for a long one with its last four characters, for each its own. */
export function withHidden(content: JsonObject): JsonObject {
  const shown = dotsIn(content);
  return changed(content, (secret) => shown.get(secret) ?? dots);
}

/**
 * A config as it was edited, with the secrets that dots stand for in the first of `versions` that has them: give the one that was edited
 * first. Dots that stand for nothing are issues.
 */
export function withSecrets(
  edited: JsonObject,
  versions: readonly JsonObject[],
): { readonly content: JsonObject; readonly issues: readonly ConfigIssue[] } {
  const secrets = new Map<string, string>();
  for (const version of versions)
    for (const [secret, shown] of dotsIn(version)) if (!secrets.has(shown)) secrets.set(shown, secret);
  const issues: ConfigIssue[] = [];
  const content = changed(edited, (shown, path) => {
    if (!shown.startsWith(dots)) return shown;
    const secret = secrets.get(shown);
    if (secret === undefined)
      issues.push({ path, message: 'These dots stand for no key of this config. Write the key.' });
    return secret ?? shown;
  });
  return { content, issues };
}

/** The dots for each secret: a key must not go where another stood because both look the same. */
function dotsIn(content: JsonObject): ReadonlyMap<string, string> {
  const shown = new Map<string, string>();
  const counts = new Map<string, number>();
  changed(content, (secret) => {
    if (shown.has(secret)) return secret;
    const plain = secret.length > 12 ? `${dots} ${secret.slice(-4)}` : dots;
    const count = (counts.get(plain) ?? 0) + 1;
    counts.set(plain, count);
    shown.set(secret, count === 1 ? plain : `${plain} (${count})`);
    return secret;
  });
  return shown;
}

type Change = (secret: string, path: string) => string;

function changed(document: JsonObject, change: Change, path = '$'): JsonObject {
  return Object.fromEntries(
    Object.entries(document).map(([name, value]) => [
      name,
      changedValue(value, change, { name, path: `${path}.${name}` }),
    ]),
  );
}

function changedValue(value: unknown, change: Change, { name, path }: { name: string; path: string }): unknown {
  if (typeof value === 'string') return isSecretName(name) ? change(value, path) : value;
  if (Array.isArray(value))
    return value.map((item, index) => changedValue(item, change, { name, path: `${path}[${index}]` }));
  return isJsonObject(value) ? changed(value, change, path) : value;
}
