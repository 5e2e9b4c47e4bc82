import type { Json } from '../core/json.ts';
import { hash, seededRandom } from './random.ts';

/** The text a simulated model says when nothing else is asked of it; it says that it is simulated. */
export function simulatedText(seed: number, provider: string, model: string): string {
  const random = seededRandom(hash(`${seed}/${provider}/${model}`));
  const said = Array.from({ length: wordCount }, () => words[Math.floor(random.next() * words.length)]);
  return `This reply is simulated: no model was asked, modelmux-simulator answers as ${provider} (${model}). ${said.join(' ')}.`;
}

/** Cuts a text into what the simulator counts and streams as tokens: words with the space before them, 12 characters at most. */
export function tokens(text: string): readonly string[] {
  const known = cut.get(text);
  if (known !== undefined) return known;
  const pieces = text.match(/\s*\S{1,12}|\s+/gu) ?? [];
  if (cut.size >= cutLimit) cut.clear();
  if (text.length <= rememberedLength) cut.set(text, pieces);
  return pieces;
}

/** Tokens of a prompt of `length` characters. */
export function estimatedTokens(length: number): number {
  return Math.ceil(length / charactersPerToken);
}

/** Arguments of a tool call as JSON; text that is none stays text, for a reply as broken as asked for. */
export function parsedArguments(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

const charactersPerToken = 4;
const wordCount = 24;
const cutLimit = 500;
const rememberedLength = 10_000;
const cut = new Map<string, readonly string[]>();

// Characters of two, three and four bytes, so that a reader that splits UTF-8 wrongly is found out.
const words = [
  'river',
  'lantern',
  'seven',
  'quiet',
  'harbour',
  'café',
  'naïve',
  'orbit',
  'thistle',
  'copper',
  'slow',
  'ночь',
  '東京',
  'marble',
  'window',
  'seldom',
  'tide',
  '🙂',
  'paper',
  'north',
  '→',
  'amber',
  'winter',
  'answer',
];
