import type { LogFigures, LogFiguresQuery } from '../../core/log-figures.ts';
import type { LogPosition } from '../../core/log-query.ts';
import { type LogStore, mostPerPage } from '../../core/log-store.ts';
import { figuresSum } from './figures.ts';

/** Sums over the records of `store` that match: its own, else made of all of them. */
export async function figuresOf(store: LogStore, query: LogFiguresQuery): Promise<readonly LogFigures[]> {
  if (store.figures !== undefined) return store.figures(query);
  const { everyMs, by, ...asked } = query;
  const sum = figuresSum(query);
  let after: LogPosition | undefined;
  do {
    const { records, hasMore } = await store.list({
      ...asked,
      ...(after === undefined ? {} : { after }),
      limit: mostPerPage,
    });
    for (const record of records) sum.add(record);
    after = hasMore ? records.at(-1) : undefined;
  } while (after !== undefined);
  return sum.figures();
}
