const longestSlug = 200;

/**
 * The virtual key and model that `@slug/model` or `@slug` names; undefined for any other text. Only the first `/` divides:
 * `@hub/meta-llama/Llama-3` asks `hub` for `meta-llama/Llama-3`.
 *
 * Some providers' own model names look the same (`@cf/meta/llama-3-8b-instruct`). Whoever asks decides by whether the slug is known.
 */
export function parseSlugModel(text: string): SlugModel | undefined {
  if (!text.startsWith('@')) return undefined;
  const end = text.indexOf('/');
  const slug = end < 0 ? text.slice(1) : text.slice(1, end);
  if (slugProblem(slug) !== undefined) return undefined;
  const model = end < 0 ? '' : text.slice(end + 1);
  return model === '' ? { slug } : { slug, model };
}

/** A virtual key's slug and, where given, the model asked of it. */
export interface SlugModel {
  readonly slug: string;
  readonly model?: string;
}

/** Why `slug` cannot name a virtual key; undefined when it can. Completes a sentence: `The slug …`. */
export function slugProblem(slug: string): string | undefined {
  if (slug === '') return 'is empty';
  if (slug.length > longestSlug) return `has ${slug.length} characters, more than ${longestSlug}`;
  if (slug.startsWith('@')) return 'begins with "@"; write it without, the "@" is only put in front where it is used';
  if (slug.includes('/')) return 'contains "/", which divides slug and model in "@slug/model"';
  if (/[\s\p{Cc}\p{Cf}\p{Cs}]/u.test(slug)) return 'contains white space or control characters';
  return undefined;
}
