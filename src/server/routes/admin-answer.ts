import { apiError } from '../../core/errors/api-error.ts';
import { ConfigError, ConfigNotFoundError } from '../../core/errors/config-error.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import { deliverJson } from '../deliver.ts';
import type { ServerContext } from '../server-env.ts';

/** Delivers what an admin call comes to. `param`: what of the body a `ConfigError` is about. */
export async function adminAnswer(c: ServerContext, answer: Promise<object>, param: string): Promise<Response> {
  c.get('exchange').endpoint = 'admin';
  return deliverJson(c, await answer.catch((error: unknown) => refuse(error, param)));
}

function refuse(error: unknown, param: string): never {
  if (error instanceof ConfigNotFoundError) {
    const { message } = error;
    const code = 'config_not_found';
    throw apiError({ status: 404, kind: 'not_found', type: 'invalid_request_error', code, param: 'slug', message });
  }
  if (!(error instanceof ConfigError)) throw error;
  throw new InvalidRequestError(param, `"${param}" cannot be used. ${error.message}`);
}
