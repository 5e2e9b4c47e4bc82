import { UnreadableReplyError } from '../../core/errors/index.ts';
import { cutShort, defaultMaxEventSize, type Framing, oversized } from './framing.ts';
import { createUtf8Reader } from './utf8-reader.ts';

/** One JSON array, each of whose objects is an event, as Gemini streams without `alt=sse`. A lone object counts as an array of one. */
export const jsonArray: Framing = (onEvent, { maxEventSize = defaultMaxEventSize } = {}) => {
  const utf8 = createUtf8Reader();
  const scanner = createObjectScanner();
  let object = '';
  return {
    feed: (chunk) => feed(utf8.read(chunk)),
    end() {
      feed(utf8.end());
      if (scanner.inObject()) throw cutShort('a JSON object');
    },
  };

  function feed(text: string): void {
    let index = 0;
    while (index < text.length) {
      const start = scanner.inObject() ? index : skipGap(text, index);
      index = scanner.scan(text, start);
      object += text.slice(start, index);
      if (object.length > maxEventSize) throw oversized(maxEventSize, object);
      if (!scanner.inObject()) hand();
    }
  }

  function hand(): void {
    const data = object;
    object = '';
    if (data !== '') onEvent({ data });
  }
};

const gap = /[\s\uFEFF,[\]]*/y;

/** Index of the next object at or after `index`, or the end of `text`. */
function skipGap(text: string, index: number): number {
  gap.lastIndex = index;
  gap.test(text);
  const next = gap.lastIndex;
  if (next < text.length && text[next] !== '{') {
    throw new UnreadableReplyError('The stream is not a JSON array of objects', text.slice(next));
  }
  return next;
}

interface ObjectScanner {
  inObject(): boolean;
  /** Goes on from `index` to behind the end of the object there, or to the end of `text`. */
  scan(text: string, index: number): number;
}

/** Finds the end of JSON objects, remembering between texts how deep it is. */
function createObjectScanner(): ObjectScanner {
  let depth = 0;
  let inString = false;
  let escaped = false;
  return { inObject: () => depth > 0, scan };

  function scan(text: string, from: number): number {
    for (let index = from; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (inString) readString(code);
      else if (readStructure(code)) return index + 1;
    }
    return text.length;
  }

  function readString(code: number): void {
    if (escaped) escaped = false;
    else if (code === backslash) escaped = true;
    else if (code === quote) inString = false;
  }

  /** True at the end of the outermost object. */
  function readStructure(code: number): boolean {
    if (code === quote) inString = true;
    else if (code === openBrace || code === openBracket) depth++;
    else if (code === closeBrace || code === closeBracket) depth--;
    else return false;
    return depth === 0 && code === closeBrace;
  }
}

const quote = 0x22;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
