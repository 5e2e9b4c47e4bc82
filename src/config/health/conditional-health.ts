import type { RequestDemand } from '../../core/demand.ts';
import type { Health } from '../../core/health.ts';
import { nodeHealth } from './child-health.ts';

/** The branch that a request goes to; undefined when it has none. */
export type BranchOf = (demand: RequestDemand) => Health | undefined;

/** The health of a node that leads each request to one of `children` only: as ready as that one. What is asked of no request in particular is as of any node. */
export function conditionalHealth(children: readonly Health[], branchOf: BranchOf): Health {
  const whole = nodeHealth(children);
  // A request that no branch takes is refused at once.
  const nowhere: Health = { ...whole, readyAt: () => 0, roomAt: () => 0, fitsEver: () => true, share: () => 1 };
  const branches = new WeakMap<RequestDemand, Health>();
  const ofRequest = (demand: RequestDemand | undefined): Health => {
    if (demand === undefined) return whole;
    const known = branches.get(demand);
    if (known !== undefined) return known;
    const branch = branchOf(demand) ?? nowhere;
    branches.set(demand, branch);
    return branch;
  };
  const isGuarded = children.some((child) => child.isGuarded);
  const isPriced = children.some(({ costMicro }) => costMicro !== undefined);
  return {
    ...whole,
    ...(isPriced ? { costMicro: (now, demand) => ofRequest(demand).costMicro?.(now, demand) } : {}),
    isGuarded,
    isWatched: children.some((child) => child.isWatched),
    isLimited: isGuarded || whole.isLimited,
    lane(demand) {
      const branch = ofRequest(demand);
      return `${children.indexOf(branch)}(${branch.lane?.(demand) ?? ''})`;
    },
    readyAt: (now, demand) => ofRequest(demand).readyAt(now, demand),
    roomAt: (now, demand) => ofRequest(demand).roomAt(now, demand),
    fitsEver: (demand) => ofRequest(demand).fitsEver(demand),
    share: (now, demand) => ofRequest(demand).share(now, demand),
    headroom: (now, demand) => ofRequest(demand).headroom(now, demand),
  };
}
