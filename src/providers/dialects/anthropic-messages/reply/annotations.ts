import type { JsonObject } from '../../../../core/json.ts';
import { stringOr } from '../values.ts';

/** Where a text block stands in the content. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * OpenAI's `url_citation` for each citation of a web page; others (pages of a document) have no counterpart. The cited span
 * is the whole text block, as Anthropic cites block by block. Source: Claude docs, "Citations", "Web search tool".
 */
export function toAnnotations(citations: readonly JsonObject[], span: TextSpan): readonly JsonObject[] {
  return citations.flatMap((citation) => {
    const url = stringOr(citation['url'], stringOr(citation['source']));
    if (!/^https?:\/\//i.test(url)) return [];
    return [
      {
        type: 'url_citation',
        url_citation: { start_index: span.start, end_index: span.end, title: stringOr(citation['title']), url },
      },
    ];
  });
}
