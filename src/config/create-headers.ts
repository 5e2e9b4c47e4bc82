import { ConfigError } from '../core/errors/config-error.ts';

/** Where Portkey's hosted gateway listens. */
export const PORTKEY_GATEWAY_URL = 'https://api.portkey.ai/v1';

/**
 * Portkey's request headers for options, as `createHeaders` of `portkey-ai` makes them: `traceID` is `x-portkey-trace-id`, objects are JSON,
 * lists are joined with `,`. For use with any OpenAI client: `new OpenAI({ baseURL, defaultHeaders: createHeaders({…}) })`. Text beyond
 * Latin-1, which no header can carry, is escaped where the value is JSON, and percent-encoded elsewhere.
 */
export function createHeaders(options: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) => {
      const text = jsonOptions.has(name) ? asciiJson(value as object) : toText(value);
      return text === '' ? [] : [[headerName(name), text]];
    }),
  );
}

/** Lists that a gateway reads as JSON, whatever is in them. */
const jsonOptions: ReadonlySet<string> = new Set(['defaultInputGuardrails', 'defaultOutputGuardrails']);

function headerName(option: string): string {
  if (option.toLowerCase() === 'authorization') return 'authorization';
  const words = option.replace(/ID$/, 'Id').replaceAll('_', '-');
  return `x-portkey-${words.replaceAll(/[A-Z]+/g, (capitals) => `-${capitals.toLowerCase()}`).replace(/^-/, '')}`;
}

function toText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return latin(value.join(','));
  if (typeof value === 'object') return asciiJson(value);
  return latin(String(value));
}

/** JSON would leave a function out without a word. */
function refuseFunctions(key: string, value: unknown): unknown {
  if (typeof value !== 'function') return value;
  throw new ConfigError([
    {
      path: key,
      message: 'A function cannot be sent to a gateway. Give the name of an algorithm, or route in this process.',
    },
  ]);
}

/** JSON says the same with every character beyond ASCII escaped. */
function asciiJson(value: object): string {
  return JSON.stringify(value, refuseFunctions).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function latin(text: string): string {
  return text.replaceAll(/[^\u0020-\u007e\u00a0-\u00ff]+/gu, (beyond) => encodeURIComponent(beyond));
}
