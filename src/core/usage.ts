import { isJsonObject, type JsonObject } from './json.ts';

/** Tokens of one reply, in OpenAI's words. `promptTokens + completionTokens` is the total. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Part of the prompt that was read from a cache. */
  readonly cachedTokens?: number;
  /** Part of the prompt that was written to a cache. */
  readonly cacheWriteTokens?: number;
  /** Part of the completion. */
  readonly reasoningTokens?: number;
  /** Part of the prompt. */
  readonly audioInputTokens?: number;
  /** Part of the completion. */
  readonly audioOutputTokens?: number;
  /** Nobody counted: these are our own estimates. They never reach the caller's reply. */
  readonly estimated?: true;
}

/** Reads the token counts of a reply or chunk in any shape we hand out: chat, completions, embeddings, responses, messages; undefined when it has none. */
export function usageOf(value: JsonObject): Usage | undefined {
  const holder = isJsonObject(value.usage) ? value.usage : innerUsage(value);
  if (holder === undefined) return undefined;
  const prompt = promptOf(holder);
  const completion = numberOf(holder.completion_tokens ?? holder.output_tokens);
  if (prompt === undefined && completion === undefined) return undefined;
  const input = detailsOf(holder, ['prompt_tokens_details', 'input_tokens_details']);
  const output = detailsOf(holder, ['completion_tokens_details', 'output_tokens_details']);
  return withParts(
    { promptTokens: prompt ?? 0, completionTokens: completion ?? 0 },
    {
      cachedTokens: numberOf(input.cached_tokens ?? holder.cache_read_input_tokens),
      cacheWriteTokens: someOf(input.cache_write_tokens ?? holder.cache_creation_input_tokens),
      reasoningTokens: numberOf(output.reasoning_tokens ?? output.thinking_tokens),
      audioInputTokens: someOf(input.audio_tokens),
      audioOutputTokens: someOf(output.audio_tokens),
    },
  );
}

/** What two reports of one reply say together: counts only grow, and a later report may leave out what an earlier one said. */
export function mergeUsage(before: Usage | undefined, after: Usage): Usage {
  if (before === undefined) return after;
  return withParts(
    {
      promptTokens: Math.max(before.promptTokens, after.promptTokens),
      completionTokens: Math.max(before.completionTokens, after.completionTokens),
    },
    {
      cachedTokens: larger(before.cachedTokens, after.cachedTokens),
      cacheWriteTokens: larger(before.cacheWriteTokens, after.cacheWriteTokens),
      reasoningTokens: larger(before.reasoningTokens, after.reasoningTokens),
      audioInputTokens: larger(before.audioInputTokens, after.audioInputTokens),
      audioOutputTokens: larger(before.audioOutputTokens, after.audioOutputTokens),
    },
  );
}

type Part = Exclude<keyof Usage, 'promptTokens' | 'completionTokens' | 'estimated'>;

/** A part of which there is nothing is left out. */
function withParts(
  totals: Pick<Usage, 'promptTokens' | 'completionTokens'>,
  parts: Readonly<Record<Part, number | undefined>>,
): Usage {
  const usage: { -readonly [Name in keyof Usage]: Usage[Name] } = { ...totals };
  for (const name of partNames) {
    const count = parts[name];
    if (count !== undefined) usage[name] = count;
  }
  return usage;
}

const partNames = [
  'cachedTokens',
  'cacheWriteTokens',
  'reasoningTokens',
  'audioInputTokens',
  'audioOutputTokens',
] as const satisfies readonly Part[];

function larger(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

/** Anthropic's `input_tokens` leaves out what was read from and written to the cache; nobody else who says `input_tokens` counts those beside it. */
function promptOf(holder: JsonObject): number | undefined {
  const prompt = numberOf(holder.prompt_tokens);
  if (prompt !== undefined) return prompt;
  const input = numberOf(holder.input_tokens);
  if (input === undefined) return undefined;
  return input + (numberOf(holder.cache_read_input_tokens) ?? 0) + (numberOf(holder.cache_creation_input_tokens) ?? 0);
}

/** `response.completed` and `message_start` carry it one level down. */
function innerUsage(value: JsonObject): JsonObject | undefined {
  const inner = value.response ?? value.message;
  return isJsonObject(inner) && isJsonObject(inner.usage) ? inner.usage : undefined;
}

function detailsOf(usage: JsonObject, holders: readonly string[]): JsonObject {
  for (const name of holders) {
    const holder = usage[name];
    if (isJsonObject(holder)) return holder;
  }
  return none;
}

const none: JsonObject = {};

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Providers that know a kind of token report zero of it with nearly every reply. */
function someOf(value: unknown): number | undefined {
  return numberOf(value) || undefined;
}
