import type { ConsolePage } from '../console-env.ts';
import { analyticsPage } from './analytics/analytics-page.tsx';
import { configsPage } from './configs/configs-page.tsx';
import { apiKeysPage } from './keys/api-keys-page.tsx';
import { virtualKeysPage } from './keys/virtual-keys-page.tsx';
import { logsPage } from './logs/logs-page.tsx';
import { playgroundPage } from './playground/playground-page.tsx';
import { promptsPage } from './prompts/prompts-page.tsx';
import { targetsPage } from './targets/targets-page.tsx';
import { tracesPage } from './traces/traces-page.tsx';

/** The pages of the console, as the navigation has them. The first is where visitors arrive. */
export const pages: readonly ConsolePage[] = [
  logsPage,
  tracesPage,
  targetsPage,
  analyticsPage,
  playgroundPage,
  configsPage,
  promptsPage,
  virtualKeysPage,
  apiKeysPage,
];
