import { didYouMean } from '../../core/did-you-mean.ts';
import type { HookFunction, HookStage } from '../../core/hooks.ts';
import { isJsonObject } from '../../core/json.ts';
import type { Check, CheckKind, ReportIssue } from '../../routing/guardrails/check.ts';
import { checkKinds } from '../../routing/guardrails/checks/index.ts';
import { functionRun } from '../../routing/guardrails/function-check.ts';
import { unknownCheck } from '../../routing/guardrails/unknown-check.ts';
import type { HookEntry } from './hook-entries.ts';

/** What a check is read with. */
export interface CheckReading {
  readonly type: HookEntry['type'];
  readonly stage: HookStage;
  readonly report: ReportIssue;
}

/** The same reading, told of problems below `path`. */
export function below(reading: CheckReading, path: string): CheckReading {
  return { ...reading, report: (rest, message) => reading.report(`${path}${rest}`, message) };
}

const members = ['id', 'name', 'parameters', 'run', 'is_enabled'];

/** One check of a list or, where it is switched off or wrong, none. */
export function readCheck(given: unknown, path: string, reading: CheckReading): readonly Check[] {
  const here = below(reading, path);
  if (typeof given === 'function') return [functionCheck(given as HookFunction, given.name || path.slice(1), reading)];
  if (!isJsonObject(given)) {
    here.report('', 'Must be a check, such as { "id": "default.contains", "parameters": { … } }, or a function.');
    return [];
  }
  const { id, parameters, run, is_enabled, isEnabled = is_enabled, name: _name, ...rest } = given;
  for (const key of Object.keys(rest))
    here.report(`.${key}`, `Unknown key "${key}" of a check.${didYouMean(key, members)}`);
  if (typeof id !== 'string' || id === '') {
    here.report('.id', 'Missing: the ID of the check.');
    return [];
  }
  if (isEnabled === false) return [];
  if (typeof run === 'function') return [functionCheck(run as HookFunction, id, reading)];
  return kindOfCheck(id, parameters, below(reading, `${path}.parameters`));
}

function functionCheck(ask: HookFunction, id: string, { type }: CheckReading): Check {
  return { id, run: functionRun(ask, type) };
}

/** One of Portkey's checks, by its ID with or without `default.`; none after reporting. */
export function kindOfCheck(id: string, parameters: unknown, { stage, report }: CheckReading): readonly Check[] {
  const name = id.replace(/^default\./, '');
  const kinds: Readonly<Record<string, CheckKind>> = checkKinds;
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind === undefined) {
    report('', unknownCheck(id, Object.keys(kinds)));
    return [];
  }
  if (kind.stage !== undefined && kind.stage !== stage) {
    report('', `"${id}" has a meaning for ${kind.stage === 'input' ? 'requests' : 'replies'} only.`);
    return [];
  }
  const rules = kind.build(parameters, report);
  return rules === undefined ? [] : [{ id: `default.${name}`, ...rules }];
}
