/** Effort levels of `output_config.effort`, weakest first. Source: Claude docs, "Effort". */
export const effortLevels = ['low', 'medium', 'high', 'xhigh', 'max'] as const;

/** One of {@link effortLevels}. */
export type Effort = (typeof effortLevels)[number];

/** What a model accepts where Claude models differ. */
export interface ModelFacts {
  /** Most tokens one reply may have; sent as `max_tokens` when the caller sets none. */
  readonly maxOutputTokens: number;
  /** How thinking is asked for: not at all, by `budget_tokens`, or `adaptive` with an effort. */
  readonly thinking: 'none' | 'budget' | 'adaptive';
  /** How a request goes without thinking: leave `thinking` out, send this `type`, or not possible. */
  readonly thinkingOff: 'omit' | 'disabled' | 'between_tools' | 'never';
  /** Effort levels accepted; empty where the model has no effort. */
  readonly effort: readonly Effort[];
  /** Whether `temperature` and `top_p` are accepted: together, only one of them, or neither. */
  readonly sampling: 'both' | 'one' | 'none';
  /** Whether `tool_choice` may be `any` or `tool`. */
  readonly forcedTools: boolean;
  /** Whether `output_config.format` and strict tools are accepted. */
  readonly structuredOutputs: boolean;
}

/**
 * What `model` accepts, read from the family and version in its ID; Bedrock's, Vertex's and dotted spellings included.
 * A Claude model newer than those known counts as the newest of its family, a model that is not Claude as one that
 * accepts the whole classic format. Sources: Claude docs, "Models overview", "Thinking support, defaults, and rejected
 * configurations by model", "Thinking: limits and feature compatibility", "Effort", "Structured outputs".
 */
export function modelFacts(model: string): ModelFacts {
  const claude = readClaude(model);
  if (claude === undefined) return notClaude;
  return {
    maxOutputTokens: maxOutputTokens(claude),
    thinking: thinkingMode(claude),
    thinkingOff: thinkingOff(claude),
    effort: effort(claude),
    sampling: sampling(claude),
    forcedTools: forcedTools(claude),
    structuredOutputs: claude.version >= 405,
  };
}

type Family = 'opus' | 'sonnet' | 'haiku' | 'fable' | 'mythos' | 'classic';

interface Claude {
  readonly family: Family;
  /** Major x 100 + minor: 405 for 4.5. */
  readonly version: number;
}

const notClaude: ModelFacts = {
  maxOutputTokens: 4096,
  thinking: 'budget',
  thinkingOff: 'omit',
  effort: [],
  sampling: 'both',
  forcedTools: true,
  structuredOutputs: false,
};

const newest = 99_00;

// `claude-3-5-sonnet-…`, `claude-sonnet-4-5-20250929`, `anthropic.claude-opus-4-6-v1`, `claude-opus-4.1`; a date is no minor version.
const versionFirst = /claude-(\d)(?:[-.](\d))?-(opus|sonnet|haiku)/;
const familyFirst = /claude-(opus|sonnet|haiku|fable|mythos)(?:-(\d{1,2})(?!\d)(?:[-.](\d{1,2})(?!\d))?)?/;

function readClaude(model: string): Claude | undefined {
  const id = model.toLowerCase();
  if (!id.includes('claude')) return undefined;
  if (id.includes('mythos-preview')) return { family: 'mythos', version: 406 };
  const old = versionFirst.exec(id);
  if (old !== null) return { family: old[3] as Family, version: versionNumber(old[1], old[2]) };
  const current = familyFirst.exec(id);
  if (current === null) return { family: 'classic', version: 200 };
  return { family: current[1] as Family, version: versionNumber(current[2], current[3]) };
}

function versionNumber(major: string | undefined, minor: string | undefined): number {
  return major === undefined ? newest : Number(major) * 100 + Number(minor ?? 0);
}

function maxOutputTokens({ family, version }: Claude): number {
  if (version >= 406) return 128_000;
  if (version >= 405) return 64_000;
  if (version >= 400) return family === 'opus' ? 32_000 : 64_000;
  if (version >= 307) return 64_000;
  return version >= 305 ? 8192 : 4096;
}

function thinkingMode({ version }: Claude): ModelFacts['thinking'] {
  if (version >= 406) return 'adaptive';
  return version >= 307 ? 'budget' : 'none';
}

function thinkingOff({ family, version }: Claude): ModelFacts['thinkingOff'] {
  if (family === 'fable' || family === 'mythos') return 'never';
  if (version < 500) return 'omit';
  if (version < 505 || family === 'haiku') return 'disabled';
  return family === 'sonnet' ? 'between_tools' : 'never';
}

function effort({ family, version }: Claude): readonly Effort[] {
  if (version >= 407) return effortLevels;
  if (version === 406) return ['low', 'medium', 'high', 'max'];
  return version === 405 && family === 'opus' ? ['low', 'medium', 'high'] : [];
}

function sampling({ family, version }: Claude): ModelFacts['sampling'] {
  if (version >= 407 || family === 'mythos') return 'none';
  return version >= 401 ? 'one' : 'both';
}

function forcedTools({ family, version }: Claude): boolean {
  if (family === 'fable' || family === 'mythos') return version < 501;
  return family === 'haiku' || version < 505;
}
