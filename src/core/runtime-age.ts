/** What a runtime has that is young enough: Node 22.13 and others of its time. */
export interface RuntimeMarks {
  readonly groupBy: unknown;
  readonly withResolvers: unknown;
  /** `v20.20.2`; undefined where there is no Node. */
  readonly node: string | undefined;
}

/** Says that the runtime is too old, where it is: else the first call would fail with "Map.groupBy is not a function". */
export function runtimeProblem({ groupBy, withResolvers, node }: RuntimeMarks = marks()): string | undefined {
  if (typeof groupBy === 'function' && typeof withResolvers === 'function') return undefined;
  const which = node === undefined ? '' : `; this is Node ${node.replace(/^v/, '')}`;
  return `modelmux needs Node 22.13 or later, or another runtime of that age${which}.`;
}

function marks(): RuntimeMarks {
  const { process } = globalThis as { process?: { version?: string } };
  return { groupBy: Map.groupBy, withResolvers: Promise.withResolvers, node: process?.version };
}
