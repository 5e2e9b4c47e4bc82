import type { Credentials } from '../../core/credentials.ts';
import { TranslationError } from '../../core/errors/reply-errors.ts';
import type { Authenticator } from '../../core/provider.ts';
import { checkedSecret, readApiKey } from './api-key.ts';
import { assumedRoleCache } from './aws-assume-role.ts';
import { type AwsKeys, signV4 } from './aws-sigv4.ts';
import { missingField, textSetting } from './settings.ts';

/**
 * Proves to the AWS service with signing name `service` who asks. `aws_auth_type` says how: `apiKey` sends an Amazon
 * Bedrock API key as bearer token, `accessKey` signs with access keys, `assumedRole` signs with the keys of
 * `aws_role_arn`, assumed with the access keys. Without it: a role where one is named, else the API key where there is
 * one, else access keys. Throws `TranslationError` naming the field that is missing.
 */
export function awsAuth(service: string): Authenticator {
  const assumedRoles = assumedRoleCache();
  return async (request, credentials, scope) => {
    const mode = authMode(credentials);
    if (mode === 'apiKey') {
      return { ...request, headers: { ...request.headers, authorization: `Bearer ${apiKey(credentials)}` } };
    }
    const region = regionOfHost(request.url) ?? textSetting(credentials, 'region');
    if (region === undefined) throw missingField('aws_region', 'the region to sign for, such as "us-east-1"');
    const base = accessKeys(credentials);
    if (mode === 'accessKey') return signV4(request, { keys: base, region, service, now: scope.now() });
    const role = {
      roleArn: textSetting(credentials, 'roleArn') ?? '',
      externalId: textSetting(credentials, 'externalId'),
      sessionName: textSetting(credentials, 'roleSessionName') ?? 'modelmux',
      base,
      region: textSetting(credentials, 'region') ?? region,
      endpoint: textSetting(credentials, 'stsEndpoint')?.replace(/\/+$/, ''),
    };
    return signV4(request, { keys: await assumedRoles.get(role, scope), region, service, now: scope.now() });
  };
}

const modes = ['apiKey', 'accessKey', 'assumedRole'] as const;
type Mode = (typeof modes)[number];

function authMode(credentials: Credentials): Mode {
  const asked = textSetting(credentials, 'authType');
  const role = textSetting(credentials, 'roleArn');
  if (asked === undefined) {
    if (role !== undefined) return 'assumedRole';
    return credentials.apiKey?.trim() ? 'apiKey' : 'accessKey';
  }
  const mode = modes.find((known) => known === asked);
  if (mode === undefined) {
    throw new TranslationError('aws_auth_type', `Unknown aws_auth_type "${asked}". Valid: ${modes.join(', ')}.`);
  }
  if (mode === 'assumedRole' && role === undefined) throw missingField('aws_role_arn', 'the ARN of the role to assume');
  return mode;
}

function apiKey(credentials: Credentials): string {
  const key = readApiKey(credentials, { title: 'AWS', env: [] });
  if (key === undefined) throw missingField('api_key', 'an Amazon Bedrock API key');
  return key;
}

function accessKeys(credentials: Credentials): AwsKeys {
  const accessKeyId = textSetting(credentials, 'accessKeyId');
  const secretAccessKey = textSetting(credentials, 'secretAccessKey');
  if (accessKeyId === undefined)
    throw missingField('aws_access_key_id', 'an access key ID, or an Amazon Bedrock API key as api_key');
  if (secretAccessKey === undefined) throw missingField('aws_secret_access_key', 'the secret of aws_access_key_id');
  const sessionToken = textSetting(credentials, 'sessionToken');
  return {
    accessKeyId: checkedSecret(accessKeyId, 'aws_access_key_id'),
    secretAccessKey,
    sessionToken: sessionToken === undefined ? undefined : checkedSecret(sessionToken, 'aws_session_token'),
  };
}

/** The region in an AWS endpoint's name: the signature must name the region that is asked, whatever the settings say. */
function regionOfHost(url: string): string | undefined {
  return /^[a-z0-9-]+\.([a-z]+(?:-[a-z]+)+-\d+)\.amazonaws\.(?:com|com\.cn|eu)$/.exec(new URL(url).hostname)?.[1];
}
