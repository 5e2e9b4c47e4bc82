import type { JsonObject } from '../../../core/json.ts';
import { asList, asNumber, asObject, asObjects, asText } from '../shared/lenient.ts';

/**
 * OpenAI's `url_citation` annotations for a candidate's sources: those of Google Search, Maps and retrieval, and the
 * recited ones. Undefined when there are none. Indices are offsets in `text`, the message's whole content; a source
 * that supports no particular words has 0 and 0. Source: "GroundingMetadata" and "CitationMetadata", Gemini API and
 * Vertex AI references.
 */
export function annotationsOf(candidate: JsonObject, text: string): readonly JsonObject[] | undefined {
  const annotations = [
    ...groundingAnnotations(asObject(candidate.groundingMetadata), text),
    ...recitedAnnotations(asObject(candidate.citationMetadata), text),
  ];
  return annotations.length > 0 ? annotations : undefined;
}

function groundingAnnotations(metadata: JsonObject, text: string): readonly JsonObject[] {
  const chunks = asObjects(metadata.groundingChunks).map(
    (chunk) => [chunk.web, chunk.maps, chunk.retrievedContext].map(asObject).find((source) => source.uri) ?? {},
  );
  const supports = asObjects(metadata.groundingSupports);
  if (supports.length === 0) return chunks.flatMap((chunk) => citation(chunk, { start: 0, end: 0 }));
  return supports.flatMap((support) => {
    const span = spanOf(asObject(support.segment), text);
    return asList(support.groundingChunkIndices).flatMap((index) => citation(chunks[Number(index)] ?? {}, span));
  });
}

/** The Gemini API says `citationSources`, Vertex AI `citations`. */
function recitedAnnotations(metadata: JsonObject, text: string): readonly JsonObject[] {
  return asObjects(metadata.citationSources ?? metadata.citations).flatMap((source) =>
    citation(source, spanOf(source, text)),
  );
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function citation(source: JsonObject, { start, end }: Span): readonly JsonObject[] {
  const url = asText(source.uri);
  if (url === undefined) return [];
  const title = asText(source.title) ?? url;
  return [{ type: 'url_citation', url_citation: { start_index: start, end_index: end, title, url } }];
}

/**
 * Gemini counts bytes of UTF-8 within one part, OpenAI characters of the whole content. The segment's own text settles
 * it where the bytes point elsewhere: into a later part.
 */
function spanOf(segment: JsonObject, text: string): Span {
  const words = asText(segment.text);
  const start = characterAt(text, asNumber(segment.startIndex) ?? 0);
  const end = characterAt(text, asNumber(segment.endIndex) ?? 0);
  if (words === undefined || text.slice(start, end) === words) return { start, end };
  const found = text.indexOf(words);
  return found < 0 ? { start, end } : { start: found, end: found + words.length };
}

function characterAt(text: string, byteIndex: number): number {
  return new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, byteIndex)).length;
}
