import type { CountTokens } from '../core/demand.ts';
import { ConfigError } from '../core/errors/config-error.ts';
import { openOnce } from '../core/open-once.ts';

/** Counts the tokens of prompts. */
export interface Tokenizer {
  /** Only after `ready`. */
  readonly count: CountTokens;
  /** Loads what is needed; undefined when it is there. Rejects with `ConfigError` when it cannot be. */
  ready(): Promise<unknown> | undefined;
}

/** What of `gpt-tokenizer` is used. */
interface GptTokenizer {
  countTokens(text: string, options: { readonly disallowedSpecial: Set<string> }): number;
}

/** The tokenizer a client's options ask for; undefined for the estimate by characters. */
export function readTokenizer(
  option: 'approximate' | 'gpt-tokenizer' | CountTokens | undefined,
  bring: () => Promise<GptTokenizer> = importGptTokenizer,
): Tokenizer | undefined {
  if (option === undefined || option === 'approximate') return undefined;
  if (typeof option === 'function') return { count: checked(option), ready: () => undefined };
  const loaded = openOnce(() => bring().catch(missing));
  return {
    // The vocabulary of GPT-4o and later, for every model: others cut texts in nearly as many pieces.
    count: (text) => loaded.known?.countTokens(text, asText) ?? 0,
    ready: () => (loaded.known === undefined ? loaded.get() : undefined),
  };
}

/** A prompt may hold `<|endoftext|>` and the like; the package would throw. */
const asText = { disallowedSpecial: new Set<string>() };

// Caught where it stands: else bundlers take the package for one that must be there.
const importGptTokenizer = (): Promise<GptTokenizer> => import('gpt-tokenizer').catch(missing);

function missing(cause: unknown): never {
  if (cause instanceof ConfigError) throw cause;
  const reason = cause instanceof Error ? ` (${cause.message})` : '';
  const message = `"gpt-tokenizer" needs the package of that name. Install it (npm install gpt-tokenizer), or use "approximate".${reason}`;
  throw new ConfigError([{ path: 'options.tokenizer', message }], 'Invalid options');
}

/** A count that is none would make every limit meaningless. */
function checked(count: CountTokens): CountTokens {
  return (text, model) => {
    const tokens = count(text, model);
    if (typeof tokens === 'number' && tokens >= 0) return tokens;
    const message = `The function returned ${String(tokens)}. It must return the number of tokens of the text.`;
    throw new ConfigError([{ path: 'options.tokenizer', message }], 'Invalid options');
  };
}
