import type { Endpoint } from '../endpoint.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { chatAssembler } from '../openai/assemble.ts';
import type { ChatCompletionChunk } from '../openai/chat-chunk.ts';
import type { StreamCollector } from './collector.ts';
import { collectMessage } from './message.ts';

/** A collector for streams of this endpoint. What it cannot read it leaves out: it never throws. */
export function streamCollector(endpoint: Endpoint): StreamCollector {
  const collector = makers[endpoint]?.() ?? collectList();
  return {
    add(chunk) {
      try {
        collector.add(chunk);
      } catch {
        // The reader of the stream gets the chunk all the same.
      }
    },
    whole: collector.whole,
  };
}

const makers: Partial<Record<Endpoint, () => StreamCollector>> = {
  'chat/completions': collectChat,
  completions: collectTexts,
  responses: collectResponse,
  messages: collectMessage,
};

function collectChat(): StreamCollector {
  const assembler = chatAssembler();
  return {
    add: (chunk) => void assembler.add(chunk as unknown as ChatCompletionChunk),
    whole: () => assembler.snapshot as JsonObject | undefined,
  };
}

/** The texts of the choices one behind the other; of everything else the last. */
function collectTexts(): StreamCollector {
  const texts = new Map<number, string>();
  let facts: JsonObject | undefined;
  return {
    add(chunk) {
      facts = { ...facts, ...chunk };
      for (const choice of Array.isArray(chunk.choices) ? chunk.choices : []) {
        const { index, text } = choice as { index?: unknown; text?: unknown };
        const at = typeof index === 'number' ? index : 0;
        if (typeof text === 'string') texts.set(at, (texts.get(at) ?? '') + text);
      }
    },
    whole: () => facts && { ...facts, choices: [...texts].map(([index, text]) => ({ index, text })) },
  };
}

/** The last event that carries the response as it was then; before its end without most of its text. */
function collectResponse(): StreamCollector {
  let response: JsonObject | undefined;
  return {
    add(event) {
      if (isJsonObject(event.response)) response = event.response;
    },
    whole: () => response,
  };
}

const mostChunks = 1000;

function collectList(): StreamCollector {
  const chunks: JsonObject[] = [];
  return {
    add(chunk) {
      if (chunks.length < mostChunks) chunks.push(chunk);
    },
    whole: () => (chunks.length === 0 ? undefined : { chunks }),
  };
}
