import { TranslationError } from '../../core/errors/reply-errors.ts';
import { lazyPart } from '../../core/lazy-part.ts';
import type { Provider, ProviderTarget } from '../../core/provider.ts';
import { awsDomain } from '../auth/aws-domain.ts';
import { lazyAuth } from '../auth/lazy-auth.ts';
import { bedrockConverse } from '../dialects/lazy-dialects.ts';
import { framings } from '../transport/framings.ts';
import { customHostOf, textSetting } from './settings.ts';

const auth = lazyPart('aws-auth', () => import('../auth/aws-auth.ts').then(({ awsAuth }) => awsAuth('bedrock')));

/**
 * Amazon Bedrock. Signed with access keys or an assumed role, or with a Bedrock API key as `api_key`. Source: Amazon
 * Bedrock User Guide, "Amazon Bedrock endpoints and quotas" and "Use an Amazon Bedrock API key".
 */
export const bedrock: Provider = {
  name: 'bedrock',
  aliases: ['aws-bedrock', 'amazon-bedrock', 'bedrock_converse'],
  title: 'AWS Bedrock',
  dialect: bedrockConverse,
  baseUrl,
  authenticate: lazyAuth(auth),
  parts: [auth, framings['aws-event-stream']],
  env: ['AWS_BEARER_TOKEN_BEDROCK'],
  envSettings: {
    accessKeyId: ['AWS_ACCESS_KEY_ID'],
    secretAccessKey: ['AWS_SECRET_ACCESS_KEY'],
    sessionToken: ['AWS_SESSION_TOKEN'],
    region: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
  },
  // Access keys are fields, not the key: the authenticator says which of both is missing.
  needsKey: false,
  fieldPrefix: 'aws',
};

function baseUrl({ settings }: ProviderTarget): string {
  const region = textSetting(settings, 'region');
  const customHost = customHostOf(settings);
  // An address of the user's own needs no region; where the signature does, the authenticator asks for it.
  if (region === undefined && customHost !== undefined) return customHost.replace(/\/+$/, '');
  if (region === undefined || !/^[a-z]+(?:-[a-z]+)+-\d+$/.test(region)) {
    throw new TranslationError(
      'aws_region',
      'The target lacks aws_region: give the region of the Bedrock endpoint, such as "us-east-1", or set AWS_REGION.',
    );
  }
  return `https://bedrock-runtime.${region}.${awsDomain(region)}`;
}
