import type { ChildrenView } from '../../core/algorithm.ts';
import { demandOf, type RequestDemand } from '../../core/demand.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { Child } from '../../core/strategy.ts';

/** The children of a node as its picker sees them. */
export function childrenView(
  children: readonly Child[],
  { clock, countTokens }: Pick<Runtime, 'clock' | 'countTokens'>,
  stickyKey: ChildrenView['stickyKey'],
): ChildrenView {
  const healths = children.map((child) => child.health);
  const identities = distinct(children.map(({ health, path }) => health?.identity ?? path));
  return {
    now: clock.now,
    share: (index, demand) => healths[index]?.share(clock.now(), demand) ?? 1,
    inFlight: (index) => healths[index]?.inFlight() ?? 0,
    headroom: (index, demand) => healths[index]?.headroom(clock.now(), demand) ?? Number.POSITIVE_INFINITY,
    usedShare: (index) => healths[index]?.usedShare(clock.now()) ?? 0,
    usedTokens: (index) => healths[index]?.usedTokens(clock.now()) ?? 0,
    latency: (index, streamed) => healths[index]?.latency(streamed),
    identity: (index) => identities[index] ?? '',
    ...(healths.some((health) => health?.costMicro !== undefined)
      ? { costMicro: (index: number, demand: RequestDemand) => healths[index]?.costMicro?.(clock.now(), demand) }
      : {}),
    ...(healths.some((health) => health?.isLimited === true || health?.costMicro !== undefined)
      ? { demandOf: (request, context) => demandOf(request, context, countTokens) }
      : {}),
    ...(stickyKey === undefined ? {} : { stickyKey }),
  };
}

/** The same target may stand in a node twice, with other parameters: the second is told apart by a number. */
function distinct(identities: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return identities.map((identity) => {
    const count = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, count);
    return count === 1 ? identity : `${identity} ${count}`;
  });
}
