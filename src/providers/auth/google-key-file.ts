import { TranslationError } from '../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';

/** A Google key file: of a service account, or of a user who ran `gcloud auth application-default login`. */
export type GoogleKeyFile = ServiceAccount | GoogleUser;

/** A service account that proves itself with its private key. */
export interface ServiceAccount {
  readonly kind: 'service-account';
  readonly email: string;
  /** PKCS #8 in PEM. */
  readonly privateKey: string;
  readonly keyId: string | undefined;
  readonly tokenUrl: string;
}

/** A user who once allowed `gcloud` to act for him. */
export interface GoogleUser {
  readonly kind: 'user';
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly tokenUrl: string;
  /** The project that calls count against. */
  readonly quotaProject: string | undefined;
}

const field = 'vertex_service_account_json';

/**
 * Reads `vertex_service_account_json`, text or object; undefined when absent. Throws `TranslationError` for what is no key
 * file, naming what is missing and no value. Source: "Application Default Credentials", Google Cloud docs.
 */
export function readKeyFile(value: unknown): GoogleKeyFile | undefined {
  const file = parse(value);
  if (file === undefined) return undefined;
  const tokenUrl = typeof file.token_uri === 'string' ? file.token_uri : 'https://oauth2.googleapis.com/token';
  if (file.type === 'authorized_user') {
    return {
      kind: 'user',
      clientId: text(file, 'client_id'),
      clientSecret: text(file, 'client_secret'),
      refreshToken: text(file, 'refresh_token'),
      tokenUrl,
      quotaProject: typeof file.quota_project_id === 'string' ? file.quota_project_id : undefined,
    };
  }
  if (file.type !== undefined && file.type !== 'service_account') {
    throw new TranslationError(
      field,
      `A key file of type ${JSON.stringify(file.type)} cannot be used. Give one of type "service_account" or "authorized_user", or the function getAccessToken.`,
    );
  }
  return {
    kind: 'service-account',
    email: text(file, 'client_email'),
    privateKey: text(file, 'private_key'),
    keyId: typeof file.private_key_id === 'string' ? file.private_key_id : undefined,
    tokenUrl,
  };
}

/** The project a key file names; undefined when there is none. */
export function projectOfKeyFile(value: unknown): string | undefined {
  const file = parse(value);
  const project = file?.project_id ?? file?.quota_project_id;
  return typeof project === 'string' ? project : undefined;
}

function parse(value: unknown): JsonObject | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  try {
    const file: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    if (isJsonObject(file)) return file;
  } catch {
    // Falls through to the error below: the parser's own would show a piece of the text.
  }
  throw new TranslationError(field, `${field} must be the JSON of a key file, as text or object, and not its path.`);
}

function text(file: JsonObject, name: string): string {
  const value = file[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new TranslationError(field, `The key file in ${field} lacks "${name}". Download it again from Google Cloud.`);
}
