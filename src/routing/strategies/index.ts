export { conditional } from './conditional.ts';
export { fallback, goesOn } from './fallback.ts';
export { toFallbackMap } from './group-fallbacks.ts';
export { groupNames, type ResolveGroup } from './group-names.ts';
export { loadbalance } from './loadbalance.ts';
export { modelGroups } from './model-groups.ts';
export { pickAgain } from './pick-again.ts';
export { sharedSeat } from './shared-seat.ts';
export { single } from './single.ts';
