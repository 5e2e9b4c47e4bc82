import type { JsonObject } from '../../../../core/json.ts';
import { withHidden } from './hidden-secrets.ts';

/** A config as text to be read and edited, secrets hidden. */
export function textOf(content: JsonObject): string {
  return JSON.stringify(withHidden(content), undefined, 2);
}
