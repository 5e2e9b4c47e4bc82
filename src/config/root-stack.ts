import type { Middleware } from '../core/handler.ts';
import { prepared } from '../routing/middleware/index.ts';
import { childrenOf } from './children.ts';
import type { Config } from './config.ts';
import type { CompileOptions } from './place.ts';

/** What stands above a whole config, outermost first: what its decisions need to know is fetched before the first of them. */
export function rootStack(config: Config, { money, tokenizer }: CompileOptions): readonly Middleware[] {
  return [
    ...(tokenizer === undefined ? [] : [prepared(tokenizer.ready)]),
    ...(money.kept === undefined ? [] : [prepared(money.kept.loaded)]),
    ...(money.loadsFirst || money.plans.length > 0 || asksForPrices(config) ? [prepared(money.book.load)] : []),
  ];
}

/** Does any node have a budget, or pick by cost? */
function asksForPrices(node: Config): boolean {
  const { budget, strategy } = node;
  return budget !== undefined || strategy?.algorithm === 'cost' || childrenOf(node).some(asksForPrices);
}
