/** A package that a contender needs is not installed here. */
export class PeerMissing extends Error {
  constructor(name: string, cause: unknown) {
    super(`${name} is not installed: run npm ci in bench/`, { cause });
  }
}

/** The package `name` from `bench/node_modules`, or from the project's own. Nothing outside this folder depends on a peer. */
export async function loadPeer<Exports>(name: string): Promise<Exports> {
  try {
    return (await import(name)) as Exports;
  } catch (error) {
    throw new PeerMissing(name, error);
  }
}
