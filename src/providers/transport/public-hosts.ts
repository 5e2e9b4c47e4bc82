import { type APIError, apiError } from '../../core/errors/api-error.ts';
import type { Outgoing } from './outgoing.ts';
import { isPrivateAddress } from './private-address.ts';

/** Keeps requests away from this machine and its network. */
export interface PublicHostsOnly {
  /** Hosts that may be asked all the same, as in a URL: `10.0.0.7`, `models.internal`, with `:port` for that port alone. */
  readonly except: readonly string[];
}

/** Code of the system error that a refused lookup ends with. */
export const privateAddressCode = 'ERR_PRIVATE_ADDRESS';

/** May `host`, with its port, be asked whatever it leads to? */
export function isExcepted(host: string, { except }: PublicHostsOnly): boolean {
  return except.includes(host) || except.includes(withoutPort(host));
}

/** Does the name itself say that it leads nowhere public? An address does; so do the names kept for this machine, its network and clouds' metadata. */
export function isPrivateHost(host: string): boolean {
  const name = withoutPort(host).toLowerCase().replace(/\.$/, '');
  return isPrivateAddress(name) || privateName.test(name);
}

// RFC 6761 and 6762, ICANN's `.internal`; Docker's and the clouds' own names end in these.
const privateName = /^(?:localhost|metadata)$|\.(?:localhost|local|internal|intranet|home\.arpa|lan)$/;

/** Throws unless the host of `outgoing` may be public by its name. What the name leads to is looked at when connecting. */
export function refusePrivateHost({ address }: Outgoing, hosts: PublicHostsOnly): void {
  if (isPrivateHost(address.host) && !isExcepted(address.host, hosts)) throw privateHostError(address.host);
}

/** Status 403. */
export function privateHostError(host: string): APIError {
  return apiError({
    status: 403,
    kind: 'auth',
    type: 'permission_error',
    code: 'private_address',
    message: `${host} is, or leads to, a private address, which callers' configs cannot reach. Whoever runs this server can allow the host.`,
  });
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '');
}
