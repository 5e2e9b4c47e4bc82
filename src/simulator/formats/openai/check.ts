import type { JsonObject } from '../../../core/json.ts';
import type { Failure } from '../wire-format.ts';

/** A 400 about one parameter. */
export function invalid(message: string, param: string | null, code?: string): Failure {
  return {
    kind: 'invalid_request',
    message,
    ...(param === null ? {} : { param }),
    ...(code === undefined ? {} : { code }),
  };
}

/** A 400 for a parameter that is not there. */
export function missing(param: string): Failure {
  return invalid(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
}

/** A 400 for the first of `names` that `body` lacks. */
export function checkRequired(body: JsonObject, names: readonly string[]): Failure | undefined {
  const name = names.find((required) => body[required] === undefined || body[required] === null);
  return name === undefined ? undefined : missing(name);
}

/** A 400 for the first parameter that OpenAI does not know. */
export function checkKnown(body: JsonObject, known: ReadonlySet<string>): Failure | undefined {
  const name = Object.keys(body).find((key) => !known.has(key));
  return name === undefined ? undefined : invalid(`Unknown parameter: '${name}'.`, name, 'unknown_parameter');
}
