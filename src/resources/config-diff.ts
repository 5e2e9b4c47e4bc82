import { isJsonObject } from '../core/json.ts';

/** One place in which two configs differ. */
export interface ConfigChange {
  /** `$.targets[1].weight` */
  readonly path: string;
  /** Absent where it was added. */
  readonly before?: unknown;
  /** Absent where it was removed. */
  readonly after?: unknown;
}

/** Where `after` differs from `before`, in the order of their members. Lists are compared by position. */
export function configDiff(before: unknown, after: unknown, path = '$'): readonly ConfigChange[] {
  if (isJsonObject(before) && isJsonObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => compare(before, after, name, `${path}.${name}`));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const indexes = Array.from({ length: Math.max(before.length, after.length) }, (_, index) => String(index));
    return indexes.flatMap((index) => compare({ ...before }, { ...after }, index, `${path}[${index}]`));
  }
  return Object.is(before, after) ? [] : [{ path, before, after }];
}

type Members = Readonly<Record<string, unknown>>;

function compare(before: Members, after: Members, name: string, path: string): readonly ConfigChange[] {
  if (!Object.hasOwn(before, name)) return [{ path, after: after[name] }];
  if (!Object.hasOwn(after, name)) return [{ path, before: before[name] }];
  return configDiff(before[name], after[name], path);
}
