import type { LookupAddress, LookupOptions } from 'node:dns';
import { isPrivateAddress } from './private-address.ts';
import { isExcepted, type PublicHostsOnly, privateAddressCode } from './public-hosts.ts';

/** As much of undici's `Agent` as is needed to make another one. */
type AgentClass = new (options: { readonly connect: { readonly lookup: Lookup } }) => unknown;

type Lookup = (hostname: string, options: LookupOptions, done: LookupDone) => void;
/** The part of `dns.lookup` that is used. */
export type SystemLookup = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;
type LookupDone = (error: Error | null, found?: string | readonly LookupAddress[], family?: number) => void;

/**
 * An agent whose connections lead to public addresses only: the addresses a name resolves to are looked at by the one lookup that
 * connects, so that a name cannot change its mind in between. A host is refused when any of its addresses is private. Addresses
 * written as such never come to a lookup: whoever sends must look at them. Undefined where `dispatcher`, the agent in use, is not
 * undici's own (a proxy, a mock), which then would do the connecting.
 */
export function guardedAgent(dispatcher: object, hosts: PublicHostsOnly, lookUp?: SystemLookup): unknown {
  const AgentInUse = dispatcher.constructor;
  if (AgentInUse.name !== 'Agent') return undefined;
  const systemLookup = lookUp ?? process.getBuiltinModule('node:dns').lookup;
  const lookup: Lookup = (hostname, options, done) => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error);
      const isRefused = addresses.some(({ address }) => isPrivateAddress(address)) && !isExcepted(hostname, hosts);
      if (isRefused) return done(refusal(hostname));
      if (options.all === true) return done(null, addresses);
      const [first] = addresses;
      done(null, first?.address ?? '', first?.family ?? 4);
    });
  };
  return new (AgentInUse as AgentClass)({ connect: { lookup } });
}

function refusal(hostname: string): Error {
  return Object.assign(new Error(`${hostname} leads to a private address`), { code: privateAddressCode });
}
