import type { Credentials } from '../../core/credentials.ts';
import { apiError } from '../../core/errors/api-error.ts';
import { TranslationError, UnreadableReplyError } from '../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Authenticator, AuthScope } from '../../core/provider.ts';
import type { HttpRequest } from '../../core/transport.ts';
import { checkedSecret } from './api-key.ts';
import { isGoogleApiKey } from './google-api-key.ts';
import { type GoogleKeyFile, type GoogleUser, readKeyFile, type ServiceAccount } from './google-key-file.ts';
import { issuerError } from './issuer-error.ts';
import { signJwt } from './jwt.ts';
import { textSetting } from './settings.ts';
import { createTokenCache, type IssuedToken, type TokenCache } from './token-cache.ts';

/**
 * Sends a Google OAuth 2.0 access token as bearer token. First found wins: the function `getAccessToken`, called for
 * every request; the machine's own account when `vertex_auth_type` is `metadata`; `vertex_service_account_json`, a key
 * file; `api_key` or `vertex_access_token`, a token as it is; an `authorization` header that the caller forwards. A
 * Google API key as `api_key` goes into `x-goog-api-key`. Tokens asked for are kept until a minute before they expire,
 * and calls at the same time share one request. Throws `TranslationError` for what cannot be used, 401 for nothing at all.
 */
export function googleOauth(): Authenticator {
  const tokens = createTokenCache<TokenSource, string>({ keyOf: JSON.stringify, fetchToken, refreshBeforeMs: 60_000 });
  return async (request, credentials, scope) => {
    const headers =
      (await givenToken(credentials)) ?? (await askedToken(credentials, scope, tokens)) ?? key(credentials);
    if (headers === undefined && request.headers.authorization === undefined) throw missing();
    return { ...request, headers: { ...request.headers, ...headers } };
  };
}

/** Who asks Google for a token. Plain data that tells one from another. */
type TokenSource = GoogleKeyFile | { readonly kind: 'metadata' };

type Headers = Readonly<Record<string, string>>;

async function givenToken({ settings: { getAccessToken } }: Credentials): Promise<Headers | undefined> {
  if (getAccessToken === undefined) return undefined;
  const token: unknown = typeof getAccessToken === 'function' ? await callGiven(() => getAccessToken()) : undefined;
  if (typeof token === 'string' && token !== '')
    return bearer(checkedSecret(token, 'The token that getAccessToken gave'));
  throw new TranslationError('getAccessToken', 'getAccessToken must be a function that gives an access token as text.');
}

async function callGiven(getAccessToken: () => unknown): Promise<unknown> {
  try {
    return await getAccessToken();
  } catch (cause) {
    const message = 'getAccessToken failed; its error is the cause of this one';
    throw apiError({
      status: 401,
      kind: 'auth',
      type: 'token_exchange_failed',
      code: 'token_exchange_failed',
      message,
      cause,
    });
  }
}

async function askedToken(
  credentials: Credentials,
  scope: AuthScope,
  tokens: TokenCache<TokenSource, string>,
): Promise<Headers | undefined> {
  const source = tokenSource(credentials);
  if (source === undefined) return undefined;
  const project = source.kind === 'user' ? source.quotaProject : undefined;
  const headers = bearer(await tokens.get(source, scope));
  return project === undefined ? headers : { ...headers, 'x-goog-user-project': project };
}

const authTypes = ['serviceAccount', 'accessToken', 'metadata'];

function tokenSource(credentials: Credentials): TokenSource | undefined {
  const type = textSetting(credentials, 'authType');
  if (type !== undefined && !authTypes.includes(type)) {
    throw new TranslationError(
      'vertex_auth_type',
      `Unknown vertex_auth_type "${type}". Valid: ${authTypes.join(', ')}.`,
    );
  }
  if (type === 'metadata') return { kind: 'metadata' };
  if (type === 'accessToken') return undefined;
  const keyFile = readKeyFile(credentials.settings.serviceAccountJson);
  if (type === 'serviceAccount' && keyFile === undefined) throw missing();
  return keyFile;
}

function key(credentials: Credentials): Headers | undefined {
  const given = credentials.apiKey?.trim() || textSetting(credentials, 'accessToken');
  if (given === undefined) return undefined;
  const secret = checkedSecret(given, 'The Google access token');
  return isGoogleApiKey(secret) ? { 'x-goog-api-key': secret } : bearer(secret);
}

function bearer(token: string): Headers {
  return { authorization: `Bearer ${token}` };
}

function missing(): Error {
  return apiError({
    status: 401,
    kind: 'auth',
    type: 'missing_api_key',
    code: 'missing_api_key',
    message:
      'Google Vertex AI needs credentials. Give the target vertex_service_account_json (the JSON of a key file), an access token as api_key or virtual_key, vertex_auth_type "metadata" on a machine of Google Cloud, or set the environment variable GOOGLE_APPLICATION_CREDENTIALS_JSON.',
  });
}

const issuer = 'Google';

async function fetchToken(source: TokenSource, scope: AuthScope): Promise<IssuedToken<string>> {
  const askedAt = scope.now();
  const response = await scope.transport.send(await tokenRequest(source, askedAt), scope.signal);
  const text = await response.body.text();
  const reply = parse(text);
  if (response.status >= 400) throw issuerError(issuer, response.status, refusalOf(reply, text));
  const token = reply.access_token;
  const seconds = Number(reply.expires_in);
  if (typeof token !== 'string' || Number.isNaN(seconds)) {
    throw new UnreadableReplyError(
      `${issuer} answered without access_token and expiry`,
      '[not shown: may hold secrets]',
    );
  }
  return { token, expiresAt: askedAt + seconds * 1000 };
}

function tokenRequest(source: TokenSource, now: number): HttpRequest | Promise<HttpRequest> {
  switch (source.kind) {
    case 'service-account':
      return serviceAccountRequest(source, now);
    case 'user':
      return userRequest(source);
    default:
      return metadataRequest;
  }
}

/** "Using OAuth 2.0 for Server to Server Applications", Google Identity docs. */
async function serviceAccountRequest(account: ServiceAccount, now: number): Promise<HttpRequest> {
  const issuedAt = Math.floor(now / 1000);
  const claims = {
    iss: account.email,
    scope: 'https://www.googleapis.com/auth/cloud-platform',
    aud: account.tokenUrl,
    iat: issuedAt,
    exp: issuedAt + 3600,
  };
  return form(account.tokenUrl, {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: await signJwt(claims, account).catch(unusableKey),
  });
}

function unusableKey(): never {
  throw new TranslationError(
    'vertex_service_account_json',
    'The private_key of the key file cannot be read: it must be an RSA key in PEM, "-----BEGIN PRIVATE KEY-----" and all.',
  );
}

/** "Using OAuth 2.0 to Access Google APIs", refreshing an access token, Google Identity docs. */
function userRequest({ clientId, clientSecret, refreshToken, tokenUrl }: GoogleUser): HttpRequest {
  return form(tokenUrl, {
    grant_type: 'refresh_token',
    client_id: clientId,
    client_secret: clientSecret,
    refresh_token: refreshToken,
  });
}

function form(url: string, fields: Readonly<Record<string, string>>): HttpRequest {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  };
}

/** "About VM metadata", access tokens, Compute Engine docs. */
const metadataRequest: HttpRequest = {
  method: 'GET',
  url: 'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token',
  headers: { 'metadata-flavor': 'Google' },
};

function parse(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** `invalid_grant: Invalid JWT Signature.` */
function refusalOf(reply: JsonObject, text: string): string {
  const parts = [reply.error, reply.error_description].filter((part) => typeof part === 'string');
  return parts.length > 0 ? parts.join(': ') : text;
}
