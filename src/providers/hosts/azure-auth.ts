import { lazyPart } from '../../core/lazy-part.ts';
import type { Authenticator } from '../../core/provider.ts';
import { bearer, checkedSecret, headerKey, type KeyFacts } from '../auth/api-key.ts';
import { usesEntra } from '../auth/entra-fields.ts';
import { lazyAuth } from '../auth/lazy-auth.ts';
import { textSetting } from './settings.ts';

/**
 * Azure's ways, the first that the target has: an Entra ID token given as the setting `adToken`, or fetched as `authMode` says, as
 * bearer; else the key, in the header that `keyHeader` names for the URL, `authorization` meaning bearer. A token beats a key because
 * Portkey's configs name a key beside it. Source: Microsoft Learn, "Azure OpenAI REST API reference", authentication.
 */
export function azureAuth(facts: KeyFacts, keyHeader: (url: string) => 'api-key' | 'authorization'): Authenticator {
  const asKey = headerKey('api-key', facts);
  const asBearer = bearer(facts);
  const entra = lazyAuth(
    lazyPart('azure-entra', () => import('../auth/azure-entra.ts').then(({ azureEntra }) => azureEntra())),
  );
  return (request, credentials, scope) => {
    const { settings } = credentials;
    const token = textSetting(settings, 'adToken', 'azureAdToken')?.replace(/^Bearer\s+/i, '');
    if (token === undefined || textSetting(settings, 'authMode') !== undefined) {
      const withKey = keyHeader(request.url) === 'api-key' ? asKey : asBearer;
      return (usesEntra(credentials) ? entra : withKey)(request, credentials, scope);
    }
    const authorization = `Bearer ${checkedSecret(token, `The Entra ID token for ${facts.title}`)}`;
    return { ...request, headers: { ...request.headers, authorization } };
  };
}
