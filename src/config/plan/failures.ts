import type { Config, Strategy } from '../config.ts';

/** The failures that lead on, as ` with status 429, 503`; empty where all do. */
export function failuresOf({ on_status_codes, on_errors }: Strategy, target?: Config): string {
  const kinds = target?.on_errors ?? on_errors;
  const codes = on_status_codes?.join(', ') || '(none: it never goes on)';
  const parts = [
    ...(on_status_codes === undefined ? [] : [`with status ${codes}`]),
    ...(kinds === undefined ? [] : [`by ${kinds.join(', ')}`]),
  ];
  return parts.length === 0 ? '' : ` ${parts.join(' or ')}`;
}
