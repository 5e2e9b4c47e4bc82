import type { HookStage } from '../../core/hooks.ts';
import type { HookList } from '../../routing/middleware/index.ts';
import type { HookEntry, Hooks } from './hook-entries.ts';
import { readHook } from './read-hook.ts';

/** Hooks by the entries they are made of: targets that inherit the same entries share the hooks, and what these said of a request. */
export type HookCompiler = (hooks: Hooks, stage: HookStage) => HookList;

/** A compiler for entries that were checked already. */
export function createHookCompiler(): HookCompiler {
  const known = new WeakMap<readonly HookEntry[], HookList>();
  return (hooks, stage) => {
    const entries = hooks[stage];
    const before = known.get(entries);
    if (before !== undefined) return before;
    const read = entries.flatMap(
      (entry) => readHook(entry, { stage, named: hooks.named, report: () => undefined }) ?? [],
    );
    // What changes a body comes before what judges it.
    const ordered = [
      ...read.filter(({ type }) => type === 'mutator'),
      ...read.filter(({ type }) => type === 'guardrail'),
    ];
    const list: HookList = { hooks: ordered, memo: new WeakMap() };
    known.set(entries, list);
    return list;
  };
}
