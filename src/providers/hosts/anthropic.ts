import type { Provider } from '../../core/provider.ts';
import { headerKey } from '../auth/api-key.ts';
import { anthropicMessages } from '../dialects/lazy-dialects.ts';
import { headersFrom } from './settings.ts';

const facts = { title: 'Anthropic', env: ['ANTHROPIC_API_KEY'] };

const ownHeaders = headersFrom({
  'anthropic-version': ['version', 'anthropicVersion'],
  'anthropic-beta': ['beta', 'anthropicBeta'],
});

/** Anthropic. Source: Claude API reference, "Versions" and "Beta headers". */
export const anthropic: Provider = {
  ...facts,
  name: 'anthropic',
  dialect: anthropicMessages,
  baseUrl: 'https://api.anthropic.com/v1',
  address(wire, { settings }) {
    const { 'anthropic-beta': needed, ...headers } = wire.headers ?? {};
    const { 'anthropic-beta': wanted, ...version } = ownHeaders(settings);
    const beta = merged(needed, wanted);
    return {
      ...wire,
      headers: {
        'anthropic-version': '2023-06-01',
        ...version,
        ...headers,
        ...(beta === '' ? {} : { 'anthropic-beta': beta }),
      },
    };
  },
  authenticate: headerKey('x-api-key', facts),
  fieldPrefix: 'anthropic',
};

function merged(needed: string | undefined, wanted: string | undefined): string {
  if (needed === undefined && wanted === undefined) return '';
  return [...new Set([needed, wanted].flatMap((list) => list?.split(/\s*,\s*/) ?? []))].join(',');
}
