import { openai as dialect } from '../dialects/openai/index.ts';
import { openAiCompatible } from './compatible.ts';
import { headersFrom } from './settings.ts';

const ownHeaders = headersFrom({
  'openai-organization': ['organization', 'openaiOrganization'],
  'openai-project': ['project', 'openaiProject'],
  'openai-beta': ['beta', 'openaiBeta'],
});

/** OpenAI. Source: OpenAI API reference, "Authentication". */
export const openai = openAiCompatible({
  name: 'openai',
  title: 'OpenAI',
  dialect,
  baseUrl: 'https://api.openai.com/v1',
  env: ['OPENAI_API_KEY'],
  envSettings: { organization: ['OPENAI_ORG_ID', 'OPENAI_ORGANIZATION'], project: ['OPENAI_PROJECT_ID'] },
  endpoints: Object.keys(dialect.codecs) as (keyof typeof dialect.codecs)[],
  fieldPrefix: 'openai',
  address: (wire, { settings }) => ({ ...wire, headers: { ...wire.headers, ...ownHeaders(settings) } }),
});
