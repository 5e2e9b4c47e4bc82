import { describe, expect, it } from 'vitest';
import { Credentials } from '../../../src/core/credentials.ts';
import type { AuthScope } from '../../../src/core/provider.ts';
import type { HttpRequest, Transport } from '../../../src/core/transport.ts';
import { awsAuth } from '../../../src/providers/auth/aws-auth.ts';
import { signV4 } from '../../../src/providers/auth/aws-sigv4.ts';
import { fakeTransport } from './fake-transport.ts';

const now = Date.UTC(2015, 7, 30, 12, 36);
const request: HttpRequest = {
  method: 'POST',
  url: 'https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse',
  headers: { 'content-type': 'application/json' },
  body: '{}',
};
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const bedrock = (settings: Record<string, unknown>, apiKey?: string) =>
  new Credentials({ provider: 'bedrock', apiKey, settings });

function scopeOf(transport: Transport, time: { now: number } = { now }): AuthScope {
  return { transport, now: () => time.now, signal: new AbortController().signal };
}
const offline = scopeOf(fakeTransport());

const assumed = (keyId: string, expiration: string) => ({
  status: 200,
  body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <SourceIdentity>Alice</SourceIdentity>
    <AssumedRoleUser>
      <Arn>arn:aws:sts::123456789012:assumed-role/demo/TestAR</Arn>
      <AssumedRoleId>ARO123EXAMPLE123:TestAR</AssumedRoleId>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>${keyId}</AccessKeyId>
      <SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY</SecretAccessKey>
      <SessionToken>
       AQoDYXdzEPT//////////wEXAMPLE==
      </SessionToken>
      <Expiration>${expiration}</Expiration>
    </Credentials>
    <PackedPolicySize>8</PackedPolicySize>
  </AssumeRoleResult>
  <ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata>
</AssumeRoleResponse>`,
});

describe('how it proves who asks', () => {
  const role = 'arn:aws:iam::123456789012:role/demo';

  it('sends an API key as bearer token, unsigned', async () => {
    expect(await awsAuth('bedrock')(request, bedrock({}, 'ABSKexample'), offline)).toEqual({
      ...request,
      headers: { 'content-type': 'application/json', authorization: 'Bearer ABSKexample' },
    });
  });

  it('signs with access keys', async () => {
    const signed = await awsAuth('bedrock')(request, bedrock(keys), offline);
    expect(signed).toEqual(await signV4(request, { keys, region: 'us-east-1', service: 'bedrock', now }));
  });

  it.each<[string, settings: Record<string, unknown>, apiKey: string | undefined, start: string]>([
    ['an API key before access keys', keys, 'k', 'Bearer k'],
    [
      'access keys when aws_auth_type says so',
      { ...keys, authType: 'accessKey' },
      'k',
      'AWS4-HMAC-SHA256 Credential=AKID',
    ],
    ['the API key when aws_auth_type says so', { ...keys, roleArn: role, authType: 'apiKey' }, 'k', 'Bearer k'],
    ['access keys to an empty API key', keys, ' ', 'AWS4-HMAC-SHA256 Credential=AKID'],
    ['a named role before an API key', { ...keys, roleArn: role }, 'k', 'AWS4-HMAC-SHA256 Credential=ASIA'],
  ])('prefers %s', async (_name, settings, apiKey, start) => {
    const transport = fakeTransport(assumed('ASIAEXAMPLE', '2015-08-30T13:36:00Z'));
    const sent = await awsAuth('bedrock')(request, bedrock(settings, apiKey), scopeOf(transport));
    expect(sent.headers['authorization']?.slice(0, start.length)).toBe(start);
  });
});

it('takes space off keys, and refuses what no header can carry without showing it', async () => {
  const spaced = { accessKeyId: ' AKIDEXAMPLE\n', secretAccessKey: ` ${keys.secretAccessKey} ` };
  const signed = await awsAuth('bedrock')(request, bedrock(spaced), offline);
  expect(signed).toEqual(await signV4(request, { keys, region: 'us-east-1', service: 'bedrock', now }));
  await expect(
    awsAuth('bedrock')(request, bedrock({ ...keys, sessionToken: 's3c\nr3t' }), offline),
  ).rejects.toMatchObject({
    status: 401,
    message:
      '401 aws_session_token holds a line break, a control or a non-ASCII character. Copy it again, without quotes and line ends.',
  });
});

it.each([
  ['https://bedrock-runtime.eu-west-3.amazonaws.com/', 'us-east-1', 'eu-west-3'],
  ['https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com/', 'us-east-1', 'us-gov-west-1'],
  ['https://bedrock-runtime.cn-north-1.amazonaws.com.cn/', 'us-east-1', 'cn-north-1'],
  ['https://bedrock-runtime.eusc-de-east-1.amazonaws.eu/', 'us-east-1', 'eusc-de-east-1'],
  ['https://vpce-1.bedrock-runtime.eu-west-3.vpce.amazonaws.com/', 'eu-west-3', 'eu-west-3'],
  ['http://127.0.0.1:8080/', 'eu-west-1', 'eu-west-1'],
])('a call to %s with aws_region %s is signed for %s', async (url, region, signedFor) => {
  const signed = await awsAuth('bedrock')({ ...request, url }, bedrock({ ...keys, region }), offline);
  expect(signed.headers['authorization']).toContain(`/20150830/${signedFor}/bedrock/aws4_request`);
});

it.each<[Record<string, unknown>, url: string, param: string, message: string]>([
  [
    {},
    request.url,
    'aws_access_key_id',
    'The target lacks aws_access_key_id: give an access key ID, or an Amazon Bedrock API key as api_key.',
  ],
  [
    { accessKeyId: 'A' },
    request.url,
    'aws_secret_access_key',
    'The target lacks aws_secret_access_key: give the secret of aws_access_key_id.',
  ],
  [
    keys,
    'http://127.0.0.1/',
    'aws_region',
    'The target lacks aws_region: give the region to sign for, such as "us-east-1".',
  ],
  [
    { ...keys, authType: 'assumedRole' },
    request.url,
    'aws_role_arn',
    'The target lacks aws_role_arn: give the ARN of the role to assume.',
  ],
  [
    { ...keys, authType: 'apiKey' },
    request.url,
    'api_key',
    'The target lacks api_key: give an Amazon Bedrock API key.',
  ],
  [
    { ...keys, authType: 'iam' },
    request.url,
    'aws_auth_type',
    'Unknown aws_auth_type "iam". Valid: apiKey, accessKey, assumedRole.',
  ],
])('%j names what is missing', async (settings, url, param, message) => {
  await expect(awsAuth('bedrock')({ ...request, url }, bedrock(settings), offline)).rejects.toMatchObject({
    name: 'TranslationError',
    param,
    message: `400 ${message}`,
  });
});

describe('an assumed role', () => {
  const settings = {
    ...keys,
    region: 'us-east-1',
    roleArn: 'arn:aws:iam::123456789012:role/demo',
    externalId: 'shared & secret',
  };

  it('asks STS with signed base keys, and signs the call with what STS gave', async () => {
    const transport = fakeTransport(assumed('ASIAIOSFODNN7EXAMPLE', '2015-08-30T13:36:00Z'));
    const signed = await awsAuth('bedrock')(request, bedrock(settings), scopeOf(transport));
    const form: HttpRequest = {
      method: 'POST',
      url: 'https://sts.us-east-1.amazonaws.com/',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: 'Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdemo&RoleSessionName=modelmux&DurationSeconds=3600&ExternalId=shared+%26+secret',
    };
    expect(transport.sent).toEqual([await signV4(form, { keys, region: 'us-east-1', service: 'sts', now })]);
    const roleKeys = {
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY',
      sessionToken: 'AQoDYXdzEPT//////////wEXAMPLE==',
    };
    expect(signed).toEqual(await signV4(request, { keys: roleKeys, region: 'us-east-1', service: 'bedrock', now }));
  });

  it('keeps the keys until five minutes before they expire', async () => {
    const time = { now };
    const transport = fakeTransport(
      assumed('ASIAONE', '2015-08-30T13:36:00Z'),
      assumed('ASIATWO', '2015-08-30T14:36:00Z'),
    );
    const authenticate = awsAuth('bedrock');
    const usedKey = async () => {
      const signed = await authenticate(request, bedrock(settings), scopeOf(transport, time));
      return /Credential=(\w+)/.exec(signed.headers['authorization'] ?? '')?.[1];
    };
    expect([await usedKey(), await usedKey()]).toEqual(['ASIAONE', 'ASIAONE']);
    time.now = now + 55 * 60_000 - 1;
    expect(await usedKey()).toBe('ASIAONE');
    time.now = now + 55 * 60_000;
    expect(await usedKey()).toBe('ASIATWO');
    expect(transport.sent).toHaveLength(2);
  });

  it('is assumed once for calls at the same time, and once more for other base keys', async () => {
    const transport = fakeTransport(assumed('ASIAONE', '2015-08-30T13:36:00Z'));
    const authenticate = awsAuth('bedrock');
    const call = (extra = {}) => authenticate(request, bedrock({ ...settings, ...extra }), scopeOf(transport));
    await Promise.all([call(), call(), call()]);
    expect(transport.sent).toHaveLength(1);
    await call({ accessKeyId: 'AKIDOTHER' });
    expect(transport.sent).toHaveLength(2);
  });

  it('goes through a named STS endpoint, in China to its domain', async () => {
    const transport = fakeTransport(assumed('ASIAONE', '2015-08-30T13:36:00Z'));
    const call = (extra: Record<string, unknown>, url = request.url) =>
      awsAuth('bedrock')({ ...request, url }, bedrock({ ...settings, ...extra }), scopeOf(transport));
    await call({ stsEndpoint: 'https://vpce-1.sts.us-east-1.vpce.amazonaws.com/' });
    await call({ region: 'cn-north-1' }, 'https://bedrock-runtime.cn-north-1.amazonaws.com.cn/');
    expect(transport.sent.map(({ url }) => url)).toEqual([
      'https://vpce-1.sts.us-east-1.vpce.amazonaws.com/',
      'https://sts.cn-north-1.amazonaws.com.cn/',
    ]);
  });

  it.each([
    [403, 'AccessDenied', { status: 401, name: 'AuthenticationError', kind: 'auth' }],
    [400, 'ValidationError', { status: 401, name: 'AuthenticationError', kind: 'auth' }],
    [429, 'Throttling', { status: 429, name: 'RateLimitError', kind: 'rate_limit' }],
    [500, 'InternalFailure', { status: 500, name: 'InternalServerError', kind: 'server' }],
  ])('that STS refuses with %i %s fails with %o', async (given, code, facts) => {
    const body = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
      <Error><Type>Sender</Type><Code>${code}</Code><Message>User &quot;x&quot; may not.
x-amz-security-token:hidden</Message></Error><RequestId>r</RequestId></ErrorResponse>`;
    const transport = fakeTransport({ status: given, body });
    await expect(awsAuth('bedrock')(request, bedrock(settings), scopeOf(transport))).rejects.toMatchObject({
      ...facts,
      message: `${facts.status} AWS STS issued no token (HTTP ${given}): ${code}: User "x" may not.`,
    });
  });

  it('that STS answers without credentials is an unreadable reply that shows nothing of it', async () => {
    const transport = fakeTransport({ status: 200, body: '<SecretAccessKey>s3cr3t</SecretAccessKey>' });
    await expect(awsAuth('bedrock')(request, bedrock(settings), scopeOf(transport))).rejects.toMatchObject({
      name: 'UnreadableReplyError',
      message: expect.not.stringContaining('s3cr3t'),
    });
  });
});
