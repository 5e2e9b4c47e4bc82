export { canonicalJson } from './cache/canonical-json.ts';
export { createFlights } from './cache/flights.ts';
export { guardedStore } from './cache/guarded-store.ts';
export { type CachePolicy, type CacheShared, cache } from './cache.ts';
export { deadline } from './deadline.ts';
export { observe } from './observe.ts';
export { defaultRetryStatusCodes, type RetryPolicy, retry } from './retry.ts';
export { timeout } from './timeout.ts';
