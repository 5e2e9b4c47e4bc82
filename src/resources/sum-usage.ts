import { isJsonObject } from '../core/json.ts';
import type { CompletionUsage } from '../core/openai/usage.ts';

/** The usage of all `completions` together, details included. Those that do not say theirs count as nothing. */
export function sumUsage(completions: readonly { readonly usage?: CompletionUsage }[]): CompletionUsage {
  const none: CompletionUsage = { completion_tokens: 0, prompt_tokens: 0, total_tokens: 0 };
  return completions.reduce((total, { usage }) => (usage ? add(total, usage) : total), none);
}

function add<Counts extends object>(left: Counts, right: Counts): Counts {
  const sum = new Map<string, unknown>(Object.entries(left));
  for (const [name, value] of Object.entries(right)) {
    const before = sum.get(name);
    if (typeof value === 'number') sum.set(name, (typeof before === 'number' ? before : 0) + value);
    else if (isJsonObject(value)) sum.set(name, add(isJsonObject(before) ? before : {}, value));
  }
  return Object.fromEntries(sum) as Counts;
}
