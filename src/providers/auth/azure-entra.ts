import type { Credentials } from '../../core/credentials.ts';
import { TranslationError, UnreadableReplyError } from '../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Authenticator, AuthScope } from '../../core/provider.ts';
import type { HttpRequest } from '../../core/transport.ts';
import { issuerError } from './issuer-error.ts';
import { missingField, textSetting } from './settings.ts';
import { createTokenCache, type IssuedToken } from './token-cache.ts';

/**
 * Sends a Microsoft Entra ID token as bearer token. `azure_auth_mode` says where it comes from: `entra` a client secret,
 * `managed` the identity of the Azure machine this runs on, `workload` a federated token. Without it: `azure_ad_token`
 * as it is, else a client secret or a federated token where the target has one. Tokens are kept until a minute before
 * they expire. Throws `TranslationError` naming the field that is missing.
 */
export function azureEntra(): Authenticator {
  const tokens = createTokenCache<HttpRequest, string>({
    keyOf: (request) => JSON.stringify([request.url, request.headers, request.body]),
    fetchToken,
    refreshBeforeMs: 60_000,
  });
  return async (request, credentials, scope) => {
    const source = tokenSource(credentials);
    if (source === undefined) throw missingField('azure_auth_mode', `one of ${modes.join(', ')}`);
    const token = typeof source === 'string' ? source : await tokens.get(source, scope);
    return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
  };
}

const modes = ['entra', 'managed', 'workload'] as const;
type Mode = (typeof modes)[number];

/** The token itself, or the request that asks for one; undefined where the target has nothing to do with Entra ID. */
function tokenSource(credentials: Credentials): string | HttpRequest | undefined {
  const asked = textSetting(credentials, 'authMode');
  if (asked === undefined) {
    const mode = impliedMode(credentials);
    return textSetting(credentials, 'adToken') ?? (mode === undefined ? undefined : tokenRequests[mode](credentials));
  }
  const mode = modes.find((known) => known === asked);
  if (mode === undefined) {
    throw new TranslationError('azure_auth_mode', `Unknown azure_auth_mode "${asked}". Valid: ${modes.join(', ')}.`);
  }
  return tokenRequests[mode](credentials);
}

function impliedMode(credentials: Credentials): Mode | undefined {
  if (textSetting(credentials, 'entraClientSecret', 'clientSecret') !== undefined) return 'entra';
  return textSetting(credentials, 'federatedToken') === undefined ? undefined : 'workload';
}

const tokenRequests: Readonly<Record<Mode, (credentials: Credentials) => HttpRequest>> = {
  /** Microsoft identity platform, "OAuth 2.0 client credentials flow", first case: access token request with a shared secret. */
  entra: (credentials) =>
    clientCredentials(credentials, {
      client_id: required(credentials, 'azure_entra_client_id', 'the ID of the app', 'entraClientId', 'clientId'),
      client_secret: required(
        credentials,
        'azure_entra_client_secret',
        'its secret',
        'entraClientSecret',
        'clientSecret',
      ),
    }),
  /** The same flow, third case: access token request with a federated credential. */
  workload: (credentials) =>
    clientCredentials(credentials, {
      client_id: required(credentials, 'azure_workload_client_id', 'the ID of the app', 'workloadClientId', 'clientId'),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: required(
        credentials,
        'azure_federated_token',
        'the text of the file that AZURE_FEDERATED_TOKEN_FILE names',
        'federatedToken',
      ),
    }),
  managed: managedIdentity,
};

function clientCredentials(credentials: Credentials, proof: Readonly<Record<string, string>>): HttpRequest {
  const authority =
    textSetting(credentials, 'authorityHost')?.replace(/\/+$/, '') ?? 'https://login.microsoftonline.com';
  const tenant = required(credentials, 'azure_entra_tenant_id', 'the ID of the directory', 'entraTenantId', 'tenantId');
  return {
    method: 'POST',
    url: `${authority}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: scopeOf(credentials), ...proof }).toString(),
  };
}

/**
 * Asks the machine's own identity endpoint: that of App Service and Container Apps where `azure_identity_endpoint` is
 * set, else the Instance Metadata Service. Azure documentation, "How to use managed identities for Azure resources on an
 * Azure VM to acquire an access token" and "How to use managed identities for App Service".
 */
function managedIdentity(credentials: Credentials): HttpRequest {
  const endpoint = textSetting(credentials, 'identityEndpoint');
  const url = new URL(endpoint ?? 'http://169.254.169.254/metadata/identity/oauth2/token');
  url.searchParams.set('api-version', endpoint === undefined ? '2018-02-01' : '2019-08-01');
  url.searchParams.set('resource', scopeOf(credentials).replace(/\/\.default$/, ''));
  const clientId = textSetting(credentials, 'managedClientId', 'clientId');
  if (clientId !== undefined) url.searchParams.set('client_id', clientId);
  const headers =
    endpoint === undefined
      ? { metadata: 'true' }
      : {
          'x-identity-header': required(
            credentials,
            'azure_identity_header',
            'the value of IDENTITY_HEADER',
            'identityHeader',
          ),
        };
  return { method: 'GET', url: url.toString(), headers };
}

function scopeOf(credentials: Credentials): string {
  return textSetting(credentials, 'entraScope', 'scope') ?? 'https://cognitiveservices.azure.com/.default';
}

const issuer = 'Microsoft Entra ID';

async function fetchToken(request: HttpRequest, scope: AuthScope): Promise<IssuedToken<string>> {
  const askedAt = scope.now();
  const response = await scope.transport.send(request, scope.signal);
  const reply = parse(await response.body.text());
  if (response.status >= 400) throw issuerError(issuer, response.status, refusalOf(reply));
  const token = reply['access_token'];
  const expiresAt = expiry(reply, askedAt);
  if (typeof token !== 'string' || Number.isNaN(expiresAt)) {
    throw new UnreadableReplyError(
      `${issuer} answered without access_token and expiry`,
      '[not shown: may hold secrets]',
    );
  }
  return { token, expiresAt };
}

function parse(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return { error: text };
  }
}

/** `invalid_client: AADSTS7000215: Invalid client secret provided. …` */
function refusalOf(reply: JsonObject): string {
  return [reply['error'], reply['error_description'] ?? reply['message']]
    .filter((part) => typeof part === 'string')
    .join(': ');
}

/** Lifetime in seconds where it is given, else the end in seconds since the epoch; managed identities send both as text. */
function expiry(reply: JsonObject, askedAt: number): number {
  const lifetime = reply['expires_in'] ?? undefined;
  return lifetime === undefined ? Number(reply['expires_on']) * 1000 : askedAt + Number(lifetime) * 1000;
}

function required(credentials: Credentials, field: string, what: string, ...names: readonly string[]): string {
  const value = textSetting(credentials, ...names);
  if (value === undefined) throw missingField(field, what);
  return value;
}
