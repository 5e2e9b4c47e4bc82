export { conditional } from './conditional.ts';
export { fallback } from './fallback.ts';
export { loadbalance } from './loadbalance.ts';
export { single } from './single.ts';
