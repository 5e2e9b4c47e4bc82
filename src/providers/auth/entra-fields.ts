import type { Credentials } from '../../core/credentials.ts';
import { textSetting } from './settings.ts';

/** Does the target say anything of Microsoft Entra ID? Else there is no token to look for. */
export function usesEntra(credentials: Credentials): boolean {
  return (
    textSetting(credentials, 'authMode', 'adToken', 'entraClientSecret', 'clientSecret', 'federatedToken') !== undefined
  );
}
