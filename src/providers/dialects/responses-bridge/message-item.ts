import type { JsonObject } from '../../../core/json.ts';
import { asObject } from '../shared/lenient.ts';
import { announced, type Item, type Place } from './item.ts';

/** A `message` item with parts of text and refusal. */
export interface MessageItem extends Item {
  readonly kind: 'message';
  text(piece: string, logprobs: readonly unknown[]): void;
  refusal(piece: string): void;
  /** Adds an annotation in chat's form to the text. */
  annotation(annotation: JsonObject): void;
}

/** Begins a {@link MessageItem}. */
export function messageItem(place: Place): MessageItem {
  const { index, write } = place;
  const id = `msg_${place.id}`;
  const parts: Part[] = [];
  let open: Part | undefined;

  function partOf<Kind extends Part['kind']>(kind: Kind, make: (at: PartPlace) => Extract<Part, { kind: Kind }>) {
    if (open?.kind === kind) return open as Extract<Part, { kind: Kind }>;
    open?.end();
    const part = make({ at: { item_id: id, output_index: index, content_index: parts.length }, write });
    open = part;
    parts.push(part);
    return part;
  }

  const item = announced(
    place,
    (status) => ({ id, type: 'message', status, role: 'assistant', content: parts.map((part) => part.value()) }),
    () => open?.end(),
  );
  return {
    ...item,
    kind: 'message',
    text: (piece, logprobs) => partOf('output_text', textPart).add(piece, logprobs),
    refusal: (piece) => partOf('refusal', refusalPart).add(piece),
    annotation: (annotation) => partOf('output_text', textPart).annotate(annotation),
  };
}

interface PartPlace {
  readonly at: JsonObject;
  readonly write: Place['write'];
}

type Part = TextPart | RefusalPart;

interface TextPart {
  readonly kind: 'output_text';
  add(piece: string, logprobs: readonly unknown[]): void;
  annotate(annotation: JsonObject): void;
  end(): void;
  value(): JsonObject;
}

interface RefusalPart {
  readonly kind: 'refusal';
  add(piece: string): void;
  end(): void;
  value(): JsonObject;
}

function textPart({ at, write }: PartPlace): TextPart {
  let text = '';
  const annotations: JsonObject[] = [];
  const logprobs: unknown[] = [];
  const value = () => ({ type: 'output_text', text, annotations: [...annotations], logprobs: [...logprobs] });
  write({ type: 'response.content_part.added', ...at, part: value() });
  return {
    kind: 'output_text',
    add(piece, more) {
      text += piece;
      logprobs.push(...more);
      write({ type: 'response.output_text.delta', ...at, delta: piece, logprobs: more });
    },
    annotate(given) {
      const annotation = { type: given.type, ...asObject(given.url_citation) };
      write({ type: 'response.output_text.annotation.added', ...at, annotation_index: annotations.length, annotation });
      annotations.push(annotation);
    },
    end() {
      write({ type: 'response.output_text.done', ...at, text, logprobs: [...logprobs] });
      write({ type: 'response.content_part.done', ...at, part: value() });
    },
    value,
  };
}

function refusalPart({ at, write }: PartPlace): RefusalPart {
  let refusal = '';
  const value = () => ({ type: 'refusal', refusal });
  write({ type: 'response.content_part.added', ...at, part: value() });
  return {
    kind: 'refusal',
    add(piece) {
      refusal += piece;
      write({ type: 'response.refusal.delta', ...at, delta: piece });
    },
    end() {
      write({ type: 'response.refusal.done', ...at, refusal });
      write({ type: 'response.content_part.done', ...at, part: value() });
    },
    value,
  };
}
