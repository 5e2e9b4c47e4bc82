import { childrenOf } from '../../config/children.ts';
import type { Config } from '../../config/config.ts';

/** Does a URL lead to this machine, so that load on it costs nobody anything? */
export function isLocalUrl(url: string): boolean {
  const { hostname } = URL.parse(url) ?? { hostname: '' };
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Do all targets of a config lead to this machine? `above`: the address that comes down from the parents. */
export function isLocalConfig(config: Config, above?: string): boolean {
  const host = config.custom_host ?? above;
  const children = childrenOf(config);
  if (children.length > 0) return children.every((child) => isLocalConfig(child, host));
  return host !== undefined && isLocalUrl(host);
}
