import { isJsonObject } from '../../core/json.ts';
import type { FallbackStep } from '../../core/model-groups.ts';

/** What LiteLLM's `fallbacks` say, in any of the shapes they come in. */
export interface FallbackReading {
  /** Who is asked in place of whatever model the request names: `["g"]`, `[{"model": "g", "temperature": 0}]`. */
  readonly own: readonly FallbackStep[];
  /** By group: `[{"a": ["b", "c"]}]`. Of a group named twice the first entry counts, as in LiteLLM. */
  readonly map: ReadonlyMap<string, readonly FallbackStep[]>;
  /** What cannot be meant. */
  readonly problems: readonly FallbackProblem[];
  /** Where entries of a group stand that has one already, below the value. */
  readonly repeated: readonly string[];
}

/** Something that cannot be meant. */
export interface FallbackProblem {
  /** Below the value: `[0]["a"][1]`. */
  readonly path: string;
  readonly message: string;
}

/** Reads a list of fallbacks, or the map that a list of maps stands for. `refusal` says what is wrong with the name of a model. */
export function readFallbacks(value: unknown, refusal: (model: string) => string | undefined): FallbackReading {
  const draft: Draft = { own: [], map: new Map(), problems: [], repeated: [], refusal };
  if (isJsonObject(value)) readMap(value, '', draft);
  else if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) readEntry(entry, `[${index}]`, draft);
  } else draft.problems.push({ path: '', message: `Must be a list such as [${example}].` });
  return draft;
}

const example = '{"gpt-4": ["gpt-3.5-turbo"]}';

interface Draft {
  readonly own: FallbackStep[];
  readonly map: Map<string, readonly FallbackStep[]>;
  readonly problems: FallbackProblem[];
  readonly repeated: string[];
  readonly refusal: (model: string) => string | undefined;
}

function readEntry(entry: unknown, path: string, draft: Draft): void {
  const isMap = isJsonObject(entry) && typeof entry.model !== 'string';
  if (isMap) readMap(entry, path, draft);
  else draft.own.push(...toSteps(entry, path, `Must be the name of a model, or a map such as ${example}.`, draft));
}

function readMap(entry: Readonly<Record<string, unknown>>, path: string, draft: Draft): void {
  for (const [group, given] of Object.entries(entry)) {
    const at = `${path}[${JSON.stringify(group)}]`;
    const list: unknown = typeof given === 'string' ? [given] : given;
    if (!Array.isArray(list)) {
      draft.problems.push({ path: at, message: 'Must be a list of model names.' });
      continue;
    }
    const steps = list.flatMap((item, index) =>
      toSteps(item, `${at}[${index}]`, 'Must be the name of a model.', draft),
    );
    if (draft.map.has(group)) draft.repeated.push(at);
    else draft.map.set(group, steps);
  }
}

/** One step, of a name or an object that says more than the name; none where that is refused. */
function toSteps(
  item: unknown,
  path: string,
  otherwise: string,
  { problems, refusal }: Draft,
): readonly FallbackStep[] {
  const { model, ...params } = typeof item === 'string' ? { model: item } : isJsonObject(item) ? item : {};
  const message = typeof model !== 'string' || model === '' ? otherwise : refusal(model);
  if (message !== undefined) problems.push({ path, message });
  if (message !== undefined || typeof model !== 'string') return [];
  return [Object.keys(params).length === 0 ? { model } : { model, params }];
}
