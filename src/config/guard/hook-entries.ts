import type { HookStage } from '../../core/hooks.ts';
import type { HookLists } from './guardrail-config.ts';

/** A hook as a config or option gives it, not yet read. */
export interface HookEntry {
  readonly given: unknown;
  /** What it is unless it says so itself. */
  readonly type: 'guardrail' | 'mutator';
  /** Where it stands below its node: `input_guardrails[0]`. */
  readonly place: string;
}

/** Hooks that hold at a node. Each list is the same object all the way down to where another takes its place. */
export interface Hooks {
  /** Guardrails by ID, from the client's options. */
  readonly named: Readonly<Record<string, unknown>>;
  /** In front of all, whatever a node says. */
  readonly defaults: Readonly<Record<HookStage, readonly HookEntry[]>>;
  /** The defaults included. */
  readonly input: readonly HookEntry[];
  readonly output: readonly HookEntry[];
}

/** A list of hooks, by the key it stands under. */
export interface HookKey {
  readonly key: keyof HookLists;
  readonly stage: HookStage;
  readonly type: HookEntry['type'];
  readonly isDefault?: true;
}

/** The keys of a node that hold hooks. */
export const hookKeys: readonly HookKey[] = [
  { key: 'input_mutators', stage: 'input', type: 'mutator' },
  { key: 'before_request_hooks', stage: 'input', type: 'guardrail' },
  { key: 'input_guardrails', stage: 'input', type: 'guardrail' },
  { key: 'output_mutators', stage: 'output', type: 'mutator' },
  { key: 'after_request_hooks', stage: 'output', type: 'guardrail' },
  { key: 'output_guardrails', stage: 'output', type: 'guardrail' },
  { key: 'default_input_guardrails', stage: 'input', type: 'guardrail', isDefault: true },
  { key: 'default_output_guardrails', stage: 'output', type: 'guardrail', isDefault: true },
];

/** No hooks at all. */
export const noHooks: Hooks = { named: {}, defaults: { input: [], output: [] }, input: [], output: [] };

/** The entries of lists, each with where it stands. */
export function entriesOf(
  lists: Readonly<Record<string, unknown>>,
  keys: readonly Pick<HookKey, 'key' | 'type'>[],
): readonly HookEntry[] {
  return keys.flatMap(({ key, type }) => {
    const list = lists[key];
    return Array.isArray(list) ? list.map((given, index) => ({ given, type, place: `${key}[${index}]` })) : [];
  });
}

/** What holds at `node` below `parent`. */
export function inheritHooks(parent: Hooks, node: HookLists): Hooks {
  const given = hookKeys.filter(({ key }) => node[key] !== undefined);
  if (given.length === 0) return parent;
  const lists = node as Readonly<Record<string, unknown>>;
  const defaultsOf = (stage: HookStage) => [
    ...parent.defaults[stage],
    ...entriesOf(
      lists,
      given.filter((key) => key.stage === stage && key.isDefault === true),
    ),
  ];
  const defaults = { input: defaultsOf('input'), output: defaultsOf('output') };
  const holding = (stage: HookStage) => {
    const own = given.filter((key) => key.stage === stage && key.isDefault !== true);
    if (own.length > 0) return [...defaults[stage], ...entriesOf(lists, own)];
    const inherited = parent[stage].slice(parent.defaults[stage].length);
    return defaults[stage].length === parent.defaults[stage].length
      ? parent[stage]
      : [...defaults[stage], ...inherited];
  };
  return { named: parent.named, defaults, input: holding('input'), output: holding('output') };
}
