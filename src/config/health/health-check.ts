import { endpointsOf } from '../../core/dialect-parts.ts';
import type { ModelRequest } from '../../core/handler.ts';
import { findProvider } from '../../providers/hosts/index.ts';
import type { HealthCheckPolicy } from '../../routing/middleware/index.ts';
import type { Config, HealthCheck } from '../config.ts';

const defaults = { interval: 30, timeout: 5, unhealthyAfter: 3, healthyAfter: 1 };

/** `health_check` of a target as a policy. */
export function toHealthCheckPolicy(check: HealthCheck): HealthCheckPolicy {
  return {
    intervalMs: (check.interval ?? defaults.interval) * 1000,
    timeoutMs: (check.timeout ?? Math.min(defaults.timeout, check.interval ?? defaults.interval)) * 1000,
    unhealthyAfter: check.unhealthy_after ?? defaults.unhealthyAfter,
    healthyAfter: check.healthy_after ?? defaults.healthyAfter,
    request: requestOf(check),
  };
}

function requestOf({ path, request }: HealthCheck): ModelRequest {
  if (request !== undefined) return { endpoint: 'chat/completions', body: request };
  if (path !== undefined) return { endpoint: 'proxy', method: 'GET', path, body: {} };
  return { endpoint: 'models', method: 'GET', body: {} };
}

/** Reports what a target's health check cannot mean. */
export function checkHealthCheck(
  { health_check, provider }: Config,
  report: (path: string, message: string) => void,
): void {
  if (health_check === undefined) return;
  const { path, request, interval = defaults.interval, timeout = 0 } = health_check;
  if (path !== undefined && request !== undefined) report('.request', 'Given beside "path". Keep one.');
  if (path?.split(/[/?]/).some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment)))
    report('.path', 'Must not hold "." or "..".');
  if (timeout > interval) report('.timeout', `Must be at most "interval", ${interval}, received ${timeout}.`);
  const known = provider === undefined ? undefined : findProvider(provider);
  const hasModels =
    known === undefined ||
    ((known.endpoints ?? ['models']).includes('models') && endpointsOf(known.dialect).includes('models'));
  if (path === undefined && request === undefined && !hasModels)
    report(
      '',
      `${known?.title} has no list of models to ask for. Give "path", or a "request" such as { "model": "…", "messages": […], "max_tokens": 1 }.`,
    );
}
