import type { CodecScope } from '../../../core/provider.ts';
import { asObject } from './lenient.ts';

/** Did the caller ask for usage in a chunk of its own, by `stream_options.include_usage`? */
export function isUsageAsked(scope: CodecScope): boolean {
  return asObject(scope.request.body.stream_options).include_usage === true;
}
