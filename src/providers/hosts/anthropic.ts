import type { Provider } from '../../core/provider.ts';
import { headerKey } from '../auth/api-key.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import { headersFrom } from './settings.ts';

const facts = { title: 'Anthropic', env: ['ANTHROPIC_API_KEY'] };

/** Anthropic. Source: Claude API reference, "Versions" and "Beta headers". */
export const anthropic: Provider = {
  ...facts,
  name: 'anthropic',
  dialect: anthropicMessages,
  baseUrl: 'https://api.anthropic.com/v1',
  address(wire, { settings }) {
    const { 'anthropic-beta': needed, ...headers } = wire.headers ?? {};
    const { 'anthropic-beta': wanted, ...version } = headersFrom(settings, {
      'anthropic-version': ['version', 'anthropicVersion'],
      'anthropic-beta': ['beta', 'anthropicBeta'],
    });
    const beta = [...new Set([needed, wanted].flatMap((list) => list?.split(/\s*,\s*/) ?? []))].join(',');
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
