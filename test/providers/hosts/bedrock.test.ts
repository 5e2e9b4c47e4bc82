import { describe, expect, it } from 'vitest';
import { Credentials } from '../../../src/core/credentials.ts';
import type { ProviderTarget } from '../../../src/core/provider.ts';
import { bedrock } from '../../../src/providers/hosts/bedrock.ts';
import { toHttpRequest } from '../../../src/providers/hosts/to-http-request.ts';

const target = (settings: Record<string, unknown>): ProviderTarget => ({
  endpoint: 'chat/completions',
  model: 'amazon.nova-pro-v1:0',
  stream: false,
  settings,
  credentials: new Credentials({ provider: 'bedrock', settings }),
});
const baseUrl = (settings: Record<string, unknown>) =>
  typeof bedrock.baseUrl === 'function' ? bedrock.baseUrl(target(settings)) : bedrock.baseUrl;

describe("Bedrock's address", () => {
  it.each([
    ['us-east-1', 'https://bedrock-runtime.us-east-1.amazonaws.com'],
    ['us-gov-west-1', 'https://bedrock-runtime.us-gov-west-1.amazonaws.com'],
    ['eusc-de-east-1', 'https://bedrock-runtime.eusc-de-east-1.amazonaws.eu'],
    ['cn-north-1', 'https://bedrock-runtime.cn-north-1.amazonaws.com.cn'],
  ])('in %s is %s', (region, url) => {
    expect(baseUrl({ region })).toBe(url);
  });

  it.each([{}, { region: '' }, { region: 'us-east-1.evil.com/' }, { region: 7 }])('needs a region: %j', (settings) => {
    expect(() => baseUrl(settings)).toThrow(
      expect.objectContaining({
        name: 'TranslationError',
        param: 'aws_region',
        message:
          '400 The target lacks aws_region: give the region of the Bedrock endpoint, such as "us-east-1", or set AWS_REGION.',
      }),
    );
  });
});

it.each([
  [{ customHost: 'http://127.0.0.1:8080/' }, 'http://127.0.0.1:8080/model/m/converse'],
  [{ customHost: 'http://127.0.0.1:8080', region: 'us-east-1' }, 'http://127.0.0.1:8080/model/m/converse'],
  [{ region: 'eu-west-1' }, 'https://bedrock-runtime.eu-west-1.amazonaws.com/model/m/converse'],
])('with %j calls go to %s', (settings, url) => {
  expect(toHttpRequest(bedrock, { path: '/model/m/converse', body: {} }, target(settings)).url).toBe(url);
});

it('finds its fields under their usual names', () => {
  expect({ fieldPrefix: bedrock.fieldPrefix, env: bedrock.env, envSettings: bedrock.envSettings }).toEqual({
    fieldPrefix: 'aws',
    env: ['AWS_BEARER_TOKEN_BEDROCK'],
    envSettings: {
      accessKeyId: ['AWS_ACCESS_KEY_ID'],
      secretAccessKey: ['AWS_SECRET_ACCESS_KEY'],
      sessionToken: ['AWS_SESSION_TOKEN'],
      region: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
    },
  });
});

it('signs a call with the session keys it is given', async () => {
  const settings = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 's3cr3t',
    sessionToken: 'token',
    region: 'us-east-1',
  };
  const sent = await bedrock.authenticate(
    { method: 'POST', url: `${baseUrl(settings)}/model/amazon.nova-pro-v1%3A0/converse`, headers: {}, body: '{}' },
    new Credentials({ provider: 'bedrock', settings }),
    {
      transport: { send: () => Promise.reject(new Error('nothing is asked for')) },
      now: () => Date.UTC(2026, 0, 2),
      signal: new AbortController().signal,
    },
  );
  expect(sent.headers).toEqual({
    'x-amz-date': '20260102T000000Z',
    'x-amz-security-token': 'token',
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260102\/us-east-1\/bedrock\/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    ),
  });
});
