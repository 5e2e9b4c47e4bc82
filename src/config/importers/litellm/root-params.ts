import type { JsonObject } from '../../../core/json.ts';
import { requestParams } from './request-params.ts';
import type { Settings } from './settings.ts';

/** What holds for every call: times, and parameters that a request may leave to it. */
export interface RootFields {
  readonly fields: JsonObject;
  /** `context_window_fallback_dict` of `default_litellm_params`, and where it stands. */
  readonly longer: { readonly standing: JsonObject | undefined; readonly path: string };
}

/** Reads `default_litellm_params`, timeouts and `drop_params`. */
export function rootFields(settings: Settings): RootFields {
  const holder = settings.holder('default_litellm_params');
  const section = holder?.section('default_litellm_params');
  const path = section?.pathOf('context_window_fallback_dict') ?? '$';
  const standing = section?.object('context_window_fallback_dict');
  const strict = settings.holder('drop_params')?.boolean('drop_params');
  const first = (key: string): number | undefined => {
    const found = settings.holder(key);
    if (found !== undefined) section?.warn(key, `Overruled by ${found.pathOf(key)}.`);
    return (found ?? section)?.number(key);
  };
  const [total, attempt, stream] = [first('timeout'), first('request_timeout'), first('stream_timeout')].map(toMs);
  const sdkRetries = first('max_retries');
  for (const key of ['metadata', 'caching']) section?.warn(key, 'Requests bring their own.');
  const params = section === undefined ? {} : requestParams(section);
  return {
    fields: {
      ...(attempt === undefined ? {} : { request_timeout: attempt }),
      ...(total === undefined ? {} : { total_timeout: total }),
      ...(stream === undefined ? {} : { first_token_timeout: stream }),
      ...(sdkRetries === undefined ? {} : { retry: { attempts: Math.min(100, Math.floor(sdkRetries)) } }),
      ...(strict === undefined ? {} : { strict_params: !strict }),
      ...(Object.keys(params).length === 0 ? {} : { default_params: params }),
    },
    longer: { standing, path },
  };
}

/** Seconds as milliseconds; 0 is no limit. */
function toMs(seconds: number | undefined): number | undefined {
  return seconds === undefined || seconds === 0 ? undefined : seconds * 1000;
}
