import { UnreadableReplyError } from '../../core/errors/reply-errors.ts';
import type { AuthScope } from '../../core/provider.ts';
import type { HttpRequest } from '../../core/transport.ts';
import { awsDomain } from './aws-domain.ts';
import { type AwsKeys, signV4 } from './aws-sigv4.ts';
import { issuerError } from './issuer-error.ts';
import { createTokenCache, type IssuedToken, type TokenCache } from './token-cache.ts';

/** A role to take on, and who asks for it. */
export interface AssumedRole {
  /** `arn:aws:iam::123456789012:role/name` */
  readonly roleArn: string;
  /** The secret shared with the role's owner, where the role asks for one. */
  readonly externalId?: string | undefined;
  /** Name of the session in the role owner's logs. */
  readonly sessionName: string;
  /** Keys allowed to assume the role. */
  readonly base: AwsKeys;
  readonly region: string;
  /** Base URL of STS where it is not the region's own: a VPC endpoint. */
  readonly endpoint?: string | undefined;
}

/**
 * Temporary keys of assumed roles, from the `AssumeRole` action of the AWS STS API Reference. They live for an hour and
 * are asked for anew five minutes before they expire.
 */
export function assumedRoleCache(): TokenCache<AssumedRole, AwsKeys> {
  return createTokenCache<AssumedRole, AwsKeys>({
    keyOf: (role) =>
      JSON.stringify([role.roleArn, role.externalId, role.sessionName, role.base, role.region, role.endpoint]),
    fetchToken: assumeRole,
    refreshBeforeMs: 300_000,
  });
}

const issuer = 'AWS STS';
const lifetimeSeconds = 3600;

async function assumeRole(role: AssumedRole, scope: AuthScope): Promise<IssuedToken<AwsKeys>> {
  const request = await signV4(assumeRoleRequest(role), {
    keys: role.base,
    region: role.region,
    service: 'sts',
    now: scope.now(),
  });
  const response = await scope.transport.send(request, scope.signal);
  const xml = await response.body.text();
  if (response.status >= 400) throw issuerError(issuer, response.status, refusalOf(xml));
  return readKeys(xml);
}

function assumeRoleRequest(role: AssumedRole): HttpRequest {
  const form = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: role.roleArn,
    RoleSessionName: role.sessionName,
    DurationSeconds: String(lifetimeSeconds),
  });
  if (role.externalId !== undefined) form.set('ExternalId', role.externalId);
  return {
    method: 'POST',
    url: `${role.endpoint ?? `https://sts.${role.region}.${awsDomain(role.region)}`}/`,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: form.toString(),
  };
}

function readKeys(xml: string): IssuedToken<AwsKeys> {
  const [accessKeyId, secretAccessKey, sessionToken, expiration] = [
    'AccessKeyId',
    'SecretAccessKey',
    'SessionToken',
    'Expiration',
  ].map((name) => element(xml, name));
  const expiresAt = Date.parse(expiration ?? '');
  if (!accessKeyId || !secretAccessKey || !sessionToken || Number.isNaN(expiresAt)) {
    throw new UnreadableReplyError(`${issuer} answered without complete credentials`, '[not shown: may hold secrets]');
  }
  return { token: { accessKeyId, secretAccessKey, sessionToken }, expiresAt };
}

/** `AccessDenied: User … is not authorized to perform: sts:AssumeRole` */
function refusalOf(xml: string): string {
  const parts = [element(xml, 'Code'), element(xml, 'Message')].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(': ') : xml;
}

/** Text of the first `name` element. STS's reply has neither attributes nor CDATA on the elements read here. */
function element(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text?.trim().replace(/&(amp|lt|gt|quot|apos);/g, (_, entity: string) => characterOf[entity] ?? '');
}

const characterOf: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
