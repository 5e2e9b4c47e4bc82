import type { CallOverrides } from '../core/context.ts';
import type { CanonicalOptions } from './option-names.ts';

/** What options say of the targets to ask: tags, also from `metadata.tags`, regions, whether fallbacks go on. */
export function labelOptions(
  { tags, region, disableFallbacks }: CanonicalOptions,
  metadata: Readonly<Record<string, string>>,
): Pick<CallOverrides, 'tags' | 'regions' | 'disableFallbacks'> {
  const asked = tags ?? tagsIn(metadata['tags']);
  return {
    ...(asked === undefined ? {} : { tags: asked }),
    ...(region === undefined ? {} : { regions: typeof region === 'string' ? [region] : region }),
    ...(disableFallbacks === undefined ? {} : { disableFallbacks }),
  };
}

/** A list, which metadata holds as JSON, or names with commas between. */
function tagsIn(text: string | undefined): readonly string[] | undefined {
  if (text === undefined || text === '') return undefined;
  return listIn(text) ?? text.split(',').flatMap((tag) => tag.trim() || []);
}

function listIn(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : undefined;
  } catch {
    return undefined;
  }
}
