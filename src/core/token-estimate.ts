import type { Endpoint } from './endpoint.ts';
import { isJsonObject, type JsonObject } from './json.ts';

/** Counts the tokens of a text. */
export type CountText = (text: string) => number;

/** What a picture, a minute of sound or a document is taken for when nothing says how large it is. OpenAI bills 85 to 1105 for most pictures. */
const mediaTokens = 1100;
const smallPictureTokens = 85;
/** Of a message for its role and delimiters, of a prompt for what opens the reply (OpenAI cookbook, "How to count tokens with tiktoken"). */
const messageTokens = 4;
const replyOpeningTokens = 3;
/** A reply that nothing bounds. */
const replyAllowance = 1024;
/** OpenAI's own default for `completions`. */
const completionDefault = 16;

/**
 * Tokens of a call's prompt, a little on the safe side: messages, instructions, tools and schemas; pictures, sound and files by a fixed
 * allowance. Works on every shape we take, unknown members included. `count` takes the place of {@link estimateText}.
 */
export function estimateInput(endpoint: Endpoint, body: JsonObject, count: CountText = estimateText): number {
  switch (endpoint) {
    case 'chat/completions':
    case 'messages':
    case 'responses':
    case 'proxy':
      return replyOpeningTokens + sumOf(body, promptKeys, count);
    case 'completions':
    case 'embeddings':
    case 'moderations':
      return sumOf(body, textKeys, count);
    case 'files':
    case 'batches':
    case 'models':
      return 0;
    default:
      return sumOf(body, textKeys, count);
  }
}

/** Tokens that the reply to a call may have at most. */
export interface OutputBound {
  readonly tokens: number;
  /** Nothing in the body says so. */
  readonly isGuessed: boolean;
}

/** How long the reply may become: what the body allows, for each of its choices; else an allowance. 0 where replies are not text. */
export function outputBound(endpoint: Endpoint, body: JsonObject): OutputBound {
  if (!writesText(endpoint, body)) return { tokens: 0, isGuessed: false };
  const choices = Math.max(countOf(body.n), countOf(body.best_of)) * promptsOf(endpoint, body);
  const given = askedTokens(body);
  if (given !== undefined) return { tokens: given * choices, isGuessed: false };
  return { tokens: (endpoint === 'completions' ? completionDefault : replyAllowance) * choices, isGuessed: true };
}

/** Tokens that each choice of the reply may have, where the body says so. */
export function askedTokens(body: JsonObject): number | undefined {
  for (const key of limitKeys) {
    const value = body[key];
    if (typeof value === 'number' && value >= 0) return value;
  }
  return undefined;
}

/** Body members that say how many tokens a prompt has. */
export const promptKeys = [
  'messages',
  'input',
  'prompt',
  'system',
  'instructions',
  'tools',
  'functions',
  'response_format',
  'text',
  // Gemini's own names, for calls passed on as they are.
  'contents',
  'systemInstruction',
] as const;
const textKeys = ['prompt', 'input', 'suffix', 'instructions'] as const;

/** Body members that bound the reply, the first one given counts. */
const limitKeys = ['max_completion_tokens', 'max_output_tokens', 'max_tokens'] as const;

const textEndpoints: ReadonlySet<Endpoint> = new Set([
  'chat/completions',
  'completions',
  'responses',
  'messages',
  'proxy',
]);

/** A path of the provider's own without a prompt, such as a list, has no reply to bound. */
function writesText(endpoint: Endpoint, body: JsonObject): boolean {
  return textEndpoints.has(endpoint) && (endpoint !== 'proxy' || promptKeys.some((key) => body[key] !== undefined));
}

function countOf(value: unknown): number {
  return typeof value === 'number' && value >= 1 ? value : 1;
}

/** `completions` takes several prompts at once, as texts or as token numbers. */
function promptsOf(endpoint: Endpoint, { prompt }: JsonObject): number {
  if (endpoint !== 'completions' || !Array.isArray(prompt)) return 1;
  return typeof prompt[0] === 'number' ? 1 : Math.max(1, prompt.length);
}

function sumOf(body: JsonObject, keys: readonly string[], count: CountText): number {
  let total = 0;
  for (const key of keys) {
    const value = body[key];
    if (value === undefined || value === null) continue;
    total += schemaKeys.has(key) ? schemaTokens(value, count) : contentTokens(value, count);
  }
  return Math.ceil(total);
}

const schemaKeys: ReadonlySet<string> = new Set(['tools', 'functions', 'response_format']);

/** Of texts, token numbers, messages, parts, and lists of these. */
function contentTokens(value: unknown, count: CountText): number {
  if (typeof value === 'string') return count(value);
  if (typeof value === 'number') return 1;
  if (Array.isArray(value)) {
    let total = 0;
    for (const item of value) total += contentTokens(item, count);
    return total;
  }
  return isJsonObject(value) ? objectTokens(value, count) : 0;
}

function objectTokens(value: JsonObject, count: CountText): number {
  const media = mediaOf(value);
  if (media !== undefined) return media;
  let total = typeof value.role === 'string' ? messageTokens : 0;
  for (const key in value) {
    if (silentKeys.has(key)) continue;
    total += schemaObjectKeys.has(key) ? schemaTokens(value[key], count) : contentTokens(value[key], count);
  }
  return total;
}

/** Members that say what a part is, and are not read by the model as text. */
const silentKeys: ReadonlySet<string> = new Set(['role', 'type', 'id', 'cache_control', 'tool_call_id', 'call_id']);
/** Arguments of a tool, and schemas. */
const schemaObjectKeys: ReadonlySet<string> = new Set(['schema', 'input_schema', 'parameters', 'format']);

/** What a picture, sound or file is taken for; undefined for any other part. Its data must not be counted as text. */
function mediaOf(part: JsonObject): number | undefined {
  const { type } = part;
  if (part.inlineData !== undefined || part.fileData !== undefined) return mediaTokens;
  if (typeof type !== 'string' || !/image|audio|file|document|video/.test(type)) return undefined;
  const { source, image_url: image } = part;
  if (isJsonObject(source) && (source.type === 'text' || source.type === 'content')) return undefined;
  const detail = isJsonObject(image) ? image.detail : part.detail;
  return detail === 'low' ? smallPictureTokens : mediaTokens;
}

/** JSON as the model reads it: names, texts and some punctuation. */
function schemaTokens(value: unknown, count: CountText): number {
  if (count !== estimateText) return count(JSON.stringify(value) ?? '');
  return jsonLength(value) / charactersPerToken;
}

function jsonLength(value: unknown): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return 5;
  let length = 2;
  if (Array.isArray(value)) for (const item of value) length += jsonLength(item);
  else for (const key in value) length += key.length + 3 + jsonLength((value as JsonObject)[key]);
  return length;
}

const charactersPerToken = 4;
/** A longer text is judged by this many of its characters. */
const mostSamples = 256;

/**
 * About how many tokens a text has: four characters each in English, two in other alphabets, one in scripts of syllables and words.
 * Costs the same for any length: of a long text some characters are looked at, spread over all of it.
 */
export function estimateText(text: string): number {
  const { length } = text;
  let weight = 0;
  if (length <= mostSamples) {
    for (let i = 0; i < length; i++) weight += weightOf(text.charCodeAt(i));
    return Math.ceil(weight);
  }
  // One from each of equal stretches, at places that repeat no pattern of the text.
  const stretch = length / mostSamples;
  for (let i = 0; i < mostSamples; i++) {
    const place = (i * goldenRatio) % 1;
    weight += weightOf(text.charCodeAt(Math.floor((i + place) * stretch)));
  }
  return Math.ceil(weight * stretch);
}

const goldenRatio = 0.618_033_988_749_895;

/** Tokens of one UTF-16 unit. Above U+07FF stand the scripts of India, East Asia and symbols, emoji as two units. */
function weightOf(unit: number): number {
  if (unit < 0x80) return 1 / charactersPerToken;
  return unit < 0x800 ? 0.5 : 1;
}
