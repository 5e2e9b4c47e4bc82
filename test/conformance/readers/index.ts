import type { FormatName, Run } from '../runs.ts';
import { readAnthropic } from './anthropic.ts';
import { readBedrock } from './bedrock.ts';
import { readCohere } from './cohere.ts';
import { readGemini } from './gemini.ts';
import { readOpenAi } from './openai.ts';
import { type Conversation, numbered, type Wire } from './turns.ts';

/** Reads the conversation out of a request body: the inverse of a translation, written after the provider's documents alone. */
export const readers: Readonly<Record<FormatName, (body: Wire) => Conversation>> = {
  openai: readOpenAi,
  azure: readOpenAi,
  anthropic: readAnthropic,
  gemini: readGemini,
  bedrock: readBedrock,
  cohere: readCohere,
};

/** What a run's request says, and `expected` with the IDs that this run can keep. */
export function readAndExpected({ format, pairsByOrder }: Run, body: unknown, expected: Conversation) {
  return { read: readers[format](body as Wire), expected: pairsByOrder ? numbered(expected) : expected };
}
