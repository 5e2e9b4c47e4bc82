import { isPortkeyLegacy } from '../../config/importers/portkey-legacy.ts';
import { isJsonObject } from '../../core/json.ts';

/** Whose form a document has. */
export type DocumentKind = 'modelmux' | 'portkey' | 'litellm' | 'javelin';

const litellmKeys = ['model_list', 'litellm_settings', 'router_settings', 'general_settings'];

/** Tells documents apart by their keys; what is nobody else's is ours. */
export function kindOf(value: unknown): DocumentKind {
  if (Array.isArray(value)) return value.some(isRoute) ? 'javelin' : 'modelmux';
  if (!isJsonObject(value)) return 'modelmux';
  if (litellmKeys.some((key) => key in value)) return 'litellm';
  if (Array.isArray(value['routes']) || isRoute(value)) return 'javelin';
  const isBody = isJsonObject(value['config']) && 'params' in value;
  return isPortkeyLegacy(value) || isBody ? 'portkey' : 'modelmux';
}

function isRoute(value: unknown): boolean {
  return isJsonObject(value) && Array.isArray(value['models']) && typeof value['name'] === 'string';
}
