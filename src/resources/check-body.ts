import { InvalidRequestError } from '../core/errors/request-errors.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';

/**
 * `body` as the object it must be, with every member that `examples` names, each with a valid value as text. Only what no
 * config can supply is asked for here; all else is the provider's to check. Throws `InvalidRequestError`.
 */
export function checkBody(body: unknown, what: string, examples: Readonly<Record<string, string>>): JsonObject {
  for (const [name, example] of Object.entries(examples)) {
    if (!isJsonObject(body) || body[name] === undefined)
      throw new InvalidRequestError(name, `${what} needs "${name}", such as ${example}.`);
  }
  return body as JsonObject;
}
