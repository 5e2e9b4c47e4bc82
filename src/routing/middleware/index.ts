export { deadline } from './deadline.ts';
export { observe } from './observe.ts';
export { defaultRetryStatusCodes, type RetryPolicy, retry } from './retry.ts';
export { timeout } from './timeout.ts';
