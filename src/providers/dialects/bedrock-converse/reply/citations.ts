import type { JsonObject } from '../../../../core/json.ts';
import { asObject, asText } from '../../shared/lenient.ts';

/** Where cited words stand in the message's content, in characters. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * OpenAI's `url_citation` annotation for a citation of the web; undefined for one of a document or a search result, which
 * OpenAI has no shape for. Source: Bedrock API reference, "Citation" and "WebLocation".
 */
export function annotationOf(citation: JsonObject, { start, end }: Span): JsonObject | undefined {
  const url = asText(asObject(asObject(citation.location).web).url);
  if (url === undefined) return undefined;
  const title = asText(citation.title) ?? url;
  return { type: 'url_citation', url_citation: { start_index: start, end_index: end, title, url } };
}

/** A citation of any kind for callers who asked for more than OpenAI's fields: Bedrock's own, with where its words stand. */
export function citationOf(citation: JsonObject, { start, end }: Span): JsonObject {
  return { ...citation, start_index: start, end_index: end };
}
