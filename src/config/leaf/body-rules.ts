import type { ModelRequest } from '../../core/handler.ts';
import type { JsonObject } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import { fill } from '../../routing/strategies/wildcard.ts';

/** What a target does to the caller's body. */
export interface BodyRules {
  readonly overrideParams?: JsonObject | undefined;
  readonly defaultParams?: JsonObject | undefined;
  readonly dropParams: readonly string[];
}

/** From the caller's body to the target's. `captured`: what the stars in the name of the request's model group stand for. */
export type RewriteBody = (body: JsonObject, captured?: readonly string[]) => JsonObject;

/** Defaults under the caller's body, overrides over it, then the dropped paths taken out. The caller's own stays as it is. */
export function bodyRewriter({ overrideParams, defaultParams, dropParams }: BodyRules): RewriteBody {
  if (overrideParams === undefined && defaultParams === undefined && dropParams.length === 0) return (body) => body;
  const paths = dropParams.map(toSegments).sort(byRemoval);
  const model = overrideParams?.model;
  const template = typeof model === 'string' && model.includes('*') ? model : undefined;
  return (body, captured) =>
    paths.reduce<JsonObject>((result, path) => without(result, path), {
      ...defaultParams,
      ...definedOf(body, defaultParams),
      ...overrideParams,
      ...(template === undefined || captured === undefined ? {} : { model: fill(template, captured) }),
    });
}

/** An `undefined` member must not hide a default. */
function definedOf(body: JsonObject, defaults: JsonObject | undefined): JsonObject {
  if (defaults === undefined) return body;
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

/** Do a target's rules apply to this call? They are about the parameters of models: not about files, batches, or calls without a body. */
export function takesParams({ endpoint, method = 'POST', body }: ModelRequest): boolean {
  if (method !== 'POST' || endpoint === 'files' || endpoint === 'batches') return false;
  return endpoint !== 'models' && Object.keys(body).length > 0;
}

type Segment = string | number | '*';

/** `a.b`, `a[0].b`, `a[*].b` */
function toSegments(path: string): readonly Segment[] {
  return [...path.matchAll(/[^.[\]]+|\[(\*|\d+)\]/g)].map(([text, index]) => {
    if (index === undefined) return text;
    return index === '*' ? '*' : Number(index);
  });
}

/** Later elements go first, and what lies inside an element before the element: removing one moves none that is still to go. */
function byRemoval(a: readonly Segment[], b: readonly Segment[]): number {
  const at = a.findIndex((segment, index) => segment !== b[index]);
  const [left, right] = [at < 0 ? undefined : a[at], b[at < 0 ? a.length : at]];
  if (left === right) return 0;
  if (left === undefined || right === undefined) return left === undefined ? 1 : -1;
  if (typeof left === 'number' && typeof right === 'number') return right - left;
  return String(left) < String(right) ? -1 : 1;
}

/** A copy of `value` without what `path` leads to; absent paths change nothing. Only what lies on the path is copied. */
function without<Value>(value: Value, path: readonly Segment[]): Value {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (Array.isArray(value)) return withoutInList(value, head, rest) as Value;
  if (!isJsonObject(value) || typeof head === 'number' || !Object.hasOwn(value, head)) return value;
  if (rest.length > 0) return { ...value, [head]: without(value[head], rest) };
  const { [head]: _removed, ...kept } = value;
  return kept as Value;
}

function withoutInList(list: readonly unknown[], head: Segment, rest: readonly Segment[]): readonly unknown[] {
  const matches = (index: number) => head === '*' || head === index;
  if (rest.length === 0) return list.filter((_, index) => !matches(index));
  return list.map((item, index) => (matches(index) ? without(item, rest) : item));
}
