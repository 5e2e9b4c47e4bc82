import type { ErrorFacts } from '../../../core/errors/api-error.ts';
import { excerpt } from '../../../core/excerpt.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { HeaderMap } from '../../../core/reply.ts';
import { classifyError, statusOfKind } from './classify-error.ts';

const messageLength = 1000;

/**
 * Reads an error body of any shape seen in the field: `{error: {message, type, code, param}}`, `{error: "text"}`, `{message}`,
 * `{detail}`, `{errors: […]}`, `[{error}]`, text, HTML, nothing. `status` is undefined for an error inside a 200 or a stream: the
 * facts then bear the status that the error names, else the one its kind stands for.
 */
export function errorFacts(status: number | undefined, body: unknown, headers?: HeaderMap): ErrorFacts {
  const layers = layersOf(body);
  const message = messageOf(layers, body);
  const code = codeOf(layers);
  const type = typeOf(layers) ?? awsErrorType(headers);
  const known = status ?? statusOf(layers);
  const names = [code, innerCodeOf(layers), type].filter((name) => typeof name === 'string');
  const kind = classifyError({ status: known, message, names });
  return {
    status: known ?? statusOfKind(kind),
    message,
    kind,
    type,
    code,
    param: textField(layers, 'param') ?? null,
    error: layers[0] ?? body,
    ...(headers === undefined ? {} : { headers }),
  };
}

/** The objects that may bear the error's fields, innermost first. */
function layersOf(body: unknown): readonly JsonObject[] {
  if (Array.isArray(body)) return layersOf(body[0]);
  if (!isJsonObject(body)) return [];
  const inner = [body['error'], body['errors'], body['message'], body['detail']].find(
    (value) => isJsonObject(value) || (Array.isArray(value) && isJsonObject(value[0]) && !('loc' in value[0])),
  );
  return inner === undefined ? [body] : [...layersOf(inner), body];
}

const messageFields = ['message', 'Message', 'msg', 'detail', 'error', 'errors', 'error_message', 'title'] as const;

function messageOf(layers: readonly JsonObject[], body: unknown): string {
  const text = layers.map(textOf).find((found) => found !== '') ?? textOf(body);
  const raw = rawOf(layers);
  const whole = raw === '' || text.includes(raw) ? text : `${text}: ${raw}`;
  if (whole !== '') return excerpt(whole, messageLength);
  return layers.length === 0 ? 'The provider sent no error text' : excerpt(JSON.stringify(body), messageLength);
}

/** Readable text of a message field: a string, a list of FastAPI's `{loc, msg}`, or an object around one of these. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return isHtml(value) ? htmlText(value) : value.trim();
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join('; ');
  if (!isJsonObject(value)) return '';
  const text = messageFields.map((field) => textOf(value[field])).find(Boolean) ?? '';
  return Array.isArray(value['loc']) ? `${value['loc'].join('.')}: ${text}` : text;
}

/** OpenRouter hands the upstream's own error on as text in `error.metadata.raw`. */
function rawOf(layers: readonly JsonObject[]): string {
  const metadata = layers[0]?.['metadata'];
  const raw = isJsonObject(metadata) ? metadata['raw'] : undefined;
  if (typeof raw !== 'string') return '';
  try {
    return textOf(JSON.parse(raw));
  } catch {
    return textOf(raw);
  }
}

/** A textual code, or a number that is no HTTP status; Google's reason where the code is only the status again. */
function codeOf(layers: readonly JsonObject[]): string | null {
  for (const layer of layers) {
    const code = layer['code'];
    if ((typeof code === 'string' || typeof code === 'number') && asStatus(code) === undefined) return String(code);
  }
  return reasonOf(layers[0]?.['details']) ?? null;
}

/** `google.rpc.ErrorInfo.reason` among `error.details`. */
function reasonOf(details: unknown): string | undefined {
  if (!Array.isArray(details)) return undefined;
  const reasons = details.map((detail) => (isJsonObject(detail) ? detail['reason'] : undefined));
  return reasons.find((reason) => typeof reason === 'string');
}

/** Azure names the policy in `innererror.code`. */
function innerCodeOf(layers: readonly JsonObject[]): string | undefined {
  const inner = layers[0]?.['innererror'] ?? layers[0]?.['inner_error'];
  return isJsonObject(inner) && typeof inner['code'] === 'string' ? inner['code'] : undefined;
}

function typeOf(layers: readonly JsonObject[]): string | undefined {
  for (const layer of layers) {
    const type = [layer['type'], layer['status'], layer['error_type']].find(
      (value) => typeof value === 'string' && value !== 'error' && asStatus(value) === undefined,
    );
    if (typeof type === 'string') return type;
  }
  return undefined;
}

/** AWS puts the error's name into a header: `ValidationException:http://internal.amazon.com/…`. */
function awsErrorType(headers: HeaderMap | undefined): string | undefined {
  return headers?.['x-amzn-errortype']?.split(':')[0];
}

function statusOf(layers: readonly JsonObject[]): number | undefined {
  return layers
    .flatMap((layer) => [layer['code'], layer['status'], layer['status_code'], layer['http_code']])
    .map(asStatus)
    .find((status) => status !== undefined);
}

function asStatus(value: unknown): number | undefined {
  const status = typeof value === 'string' ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status < 600 ? status : undefined;
}

function textField(layers: readonly JsonObject[], field: string): string | undefined {
  return layers.map((layer) => layer[field]).find((value) => typeof value === 'string');
}

function isHtml(text: string): boolean {
  return /^\s*<(?:!doctype|html|head|body)\b/i.test(text);
}

/** The page's title, without the status that nginx and others repeat in it. */
function htmlText(html: string): string {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(html)?.[1] ?? /<h1[^>]*>([^<]*)<\/h1>/i.exec(html)?.[1] ?? '';
  const words = title
    .replace(/\s+/g, ' ')
    .replace(/^\s*[45]\d\d\b[\s:-]*/, '')
    .trim();
  return words === '' ? 'An HTML page instead of JSON' : `${words} (an HTML page instead of JSON)`;
}
