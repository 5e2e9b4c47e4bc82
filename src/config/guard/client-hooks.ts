import { ConfigError, type ConfigIssue } from '../../core/errors/config-error.ts';
import type { HookFunction, HookStage } from '../../core/hooks.ts';
import type { CanonicalOptions } from '../option-names.ts';
import { checkEntries, checkNamed } from './check-hooks.ts';
import { type HookEntry, type Hooks, noHooks } from './hook-entries.ts';

const optionsOf = {
  input: { functions: 'beforeRequest', guardrails: 'defaultInputGuardrails' },
  output: { functions: 'afterRequest', guardrails: 'defaultOutputGuardrails' },
} as const;

/** The hooks that a client's options give to all its configs. Throws one `ConfigError` that lists everything wrong. */
export function clientHooks(options: CanonicalOptions): Hooks {
  const issues: ConfigIssue[] = [];
  const report = (path: string, message: string) => issues.push({ path: `options${path}`, message });
  const { guardrails: named = {} } = options;
  checkNamed(named, (path, message) => report(`.guardrails${path}`, message));
  const defaultsOf = (stage: HookStage) => {
    const { functions, guardrails } = optionsOf[stage];
    const entries = [
      ...entriesIn(options[functions], functions, 'mutator'),
      ...entriesIn(options[guardrails], guardrails, 'guardrail'),
    ];
    checkEntries(entries, stage, { named, report });
    return entries;
  };
  const defaults = { input: defaultsOf('input'), output: defaultsOf('output') };
  if (issues.length > 0) throw new ConfigError(issues, 'Invalid options');
  const isEmpty = defaults.input.length === 0 && defaults.output.length === 0;
  return isEmpty ? { ...noHooks, named } : { named, defaults, ...defaults };
}

/** One, or a list of them. */
function entriesIn(given: unknown, option: string, type: HookEntry['type']): readonly HookEntry[] {
  if (given === undefined) return [];
  const list = Array.isArray(given) ? given : [given];
  return list.map((entry, index) => {
    const place = Array.isArray(given) ? `${option}[${index}]` : option;
    return { given: typeof entry === 'function' ? named(entry as HookFunction, place) : entry, type, place };
  });
}

/** A function given as an option may look, refuse, change, or say nothing. */
function named(ask: HookFunction, id: string): object {
  return { id: ask.name || id, checks: [ask] };
}
