import type { ChildrenView } from '../../core/algorithm.ts';
import type { Clock } from '../../core/runtime.ts';
import { valueAt } from '../../routing/strategies/query.ts';
import type { Strategy } from '../config.ts';

const defaultFields: readonly string[] = ['metadata._user'];

/** What requests that belong together have in common, by `strategy.sticky`. */
export function stickyKey({ sticky }: Strategy, clock: Clock): NonNullable<ChildrenView['stickyKey']> {
  const fields = sticky?.hash_fields ?? defaultFields;
  const ttlMs = sticky?.ttl === undefined ? undefined : sticky.ttl * 1000;
  return (request, { metadata, pathname }) => {
    const facts = { metadata, params: request.body, url: { pathname } };
    const values = fields.map((field) => valueAt(facts, field));
    if (values.every((value) => value === undefined)) return undefined;
    const key = JSON.stringify(values);
    return ttlMs === undefined ? key : `${term(key, ttlMs, clock.now())} ${key}`;
  };
}

/** The key's current term. Keys begin theirs at different times, so that they do not all move at once. */
function term(key: string, ttlMs: number, nowMs: number): number {
  let offset = 0;
  for (let i = 0; i < key.length; i++) offset = (offset * 31 + key.charCodeAt(i)) % 1_000_003;
  return Math.floor((nowMs + (offset / 1_000_003) * ttlMs) / ttlMs);
}
