import type { HookStage } from '../../core/hooks.ts';
import type { HookLists } from './guardrail-config.ts';
import { entriesOf, type HookEntry, hookKeys } from './hook-entries.ts';
import { readHook } from './read-hook.ts';

/** Where hooks are checked. */
export interface HookSpot {
  readonly isRoot: boolean;
  /** Guardrails by ID, from the client's options. */
  readonly named: Readonly<Record<string, unknown>>;
  /** Told what is wrong, with the path below the node. */
  readonly report: (path: string, message: string) => void;
}

/** Reports what is wrong with the hooks of a node. */
export function checkHooks(node: HookLists, { isRoot, named, report }: HookSpot): void {
  for (const { key, stage, type, isDefault } of hookKeys) {
    if (node[key] === undefined) continue;
    if (isDefault === true && !isRoot)
      report(`.${key}`, `Belongs to the root: it holds for every target. Here use "${key.replace('default_', '')}".`);
    else checkEntries(entriesOf(node as Readonly<Record<string, unknown>>, [{ key, type }]), stage, { named, report });
  }
}

/** Reports what is wrong with entries. */
export function checkEntries(
  entries: readonly HookEntry[],
  stage: HookStage,
  { named, report }: Pick<HookSpot, 'named' | 'report'>,
): void {
  for (const entry of entries)
    readHook(entry, { stage, named, report: (below, message) => report(`.${entry.place}${below}`, message) });
}

/** Reports what is wrong with the guardrails that a client's option names. What only one side understands is told where it is used. */
export function checkNamed(named: Readonly<Record<string, unknown>>, report: HookSpot['report']): void {
  for (const [id, given] of Object.entries(named)) {
    const place = `[${JSON.stringify(id)}]`;
    const issuesFor = (stage: HookStage) => {
      const issues: (readonly [string, string])[] = [];
      readHook({ given, type: 'guardrail', place }, { stage, named: {}, report: (...issue) => issues.push(issue) });
      return issues;
    };
    const [input, output] = [issuesFor('input'), issuesFor('output')];
    for (const [path, message] of input.length <= output.length ? input : output) report(`${place}${path}`, message);
  }
}
