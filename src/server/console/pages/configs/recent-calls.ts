import { localLogs } from '../../../../resources/logs.ts';
import type { Gateway } from '../../../gateway.ts';

/** Who answered lately. */
export interface RecentCalls {
  readonly total: number;
  /** By the place that answered, else was tried last. */
  readonly byPath: ReadonlyMap<string, number>;
}

/** How far back calls are counted. */
export const recentMinutes = 15;
const mostCounted = 1000;

/** The last calls through one version of a config; undefined where the server keeps no logs. */
export async function recentCalls(
  { logs, runtime }: Gateway,
  slug: string,
  versionId: string,
): Promise<RecentCalls | undefined> {
  if (logs === undefined) return undefined;
  const from = runtime.clock.now() - recentMinutes * 60_000;
  const { data } = await localLogs(logs, runtime).list({ config: slug, from, limit: mostCounted });
  const paths = data.filter(({ configVersion }) => configVersion === versionId).flatMap(({ path }) => path ?? []);
  const byPath = new Map<string, number>();
  for (const path of paths) byPath.set(path, (byPath.get(path) ?? 0) + 1);
  return { total: paths.length, byPath };
}
