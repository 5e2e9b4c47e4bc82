import type { Section } from '../foreign/section.ts';

/** What `general_settings` say to a server. Nothing of it concerns a client in the process. */
export interface LiteLLMServerSettings {
  /** The key that manages keys and may call every model. */
  readonly masterKey?: string;
  /** Where keys and spend are kept: `postgresql://…`. */
  readonly databaseUrl?: string;
  /** The model of every request, whatever it names. */
  readonly completionModel?: string;
  /** The header that carries a caller's key, in place of `authorization`. */
  readonly keyHeaderName?: string;
  /** Requests in flight of one key, and of all together. */
  readonly maxParallelRequests?: number;
  readonly globalMaxParallelRequests?: number;
  /** Ask every target from time to time whether it lives. Seconds in between. */
  readonly healthChecks?: { readonly everySeconds: number };
}

const texts = {
  master_key: 'masterKey',
  database_url: 'databaseUrl',
  completion_model: 'completionModel',
  litellm_key_header_name: 'keyHeaderName',
} as const;

const numbers = {
  max_parallel_requests: 'maxParallelRequests',
  global_max_parallel_requests: 'globalMaxParallelRequests',
} as const;

/** LiteLLM's own interval. */
const healthSeconds = 300;

/** Reads `general_settings`; what has no counterpart is noted. */
export function serverSettings(section: Section | undefined): LiteLLMServerSettings {
  if (section === undefined) return {};
  const found = [
    ...Object.entries(texts).map(([key, name]) => [name, section.text(key)] as const),
    ...Object.entries(numbers).map(([key, name]) => [name, section.number(key, 1)] as const),
  ].filter(([, value]) => value !== undefined && value !== '');
  const checks = section.boolean('background_health_checks') === true;
  const everySeconds = section.number('health_check_interval', 1) ?? healthSeconds;
  if (!checks) section.warn('health_check_interval', 'No effect without "background_health_checks".');
  for (const [key, message] of Object.entries(withoutCounterpart)) section.warn(key, message);
  section.finish([...Object.keys(texts), ...Object.keys(numbers), 'background_health_checks', 'health_check_interval']);
  return { ...Object.fromEntries(found), ...(checks ? { healthChecks: { everySeconds } } : {}) };
}

const withoutCounterpart: Readonly<Record<string, string>> = {
  alerting: 'Nobody is alerted. Listen to the client’s events.',
  alerting_threshold: 'Nobody is alerted. Listen to the client’s events.',
  alert_types: 'Nobody is alerted. Listen to the client’s events.',
  alert_to_webhook_url: 'Nobody is alerted. Listen to the client’s events.',
  infer_model_from_keys: 'Models are those of "model_list".',
  allow_client_side_credentials: 'A request cannot bring a key of its own.',
  custom_auth: 'Python is not run here.',
  proxy_budget_rescheduler_min_time: 'Budgets begin anew by themselves.',
  proxy_budget_rescheduler_max_time: 'Budgets begin anew by themselves.',
};
