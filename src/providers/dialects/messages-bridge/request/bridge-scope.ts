import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';

/** What a translation to chat may know. */
export interface BridgeScope {
  readonly scope: CodecScope;
  /** Whether Anthropic's own members stay in the chat body. */
  readonly keepsExtras: boolean;
}

/** `{cache_control}` of `block` where it may stay, else nothing, reported. */
export function cacheMark(block: JsonObject, { scope, keepsExtras }: BridgeScope): JsonObject {
  const mark = block['cache_control'];
  if (!isJsonObject(mark)) return {};
  if (!keepsExtras) scope.drop('cache_control', 'The provider has no such marks');
  return keepsExtras ? { cache_control: mark } : {};
}

/** `scope` with every parameter reported once, however often it occurs. */
export function reportingOnce(scope: CodecScope): CodecScope {
  const reported = new Set<string>();
  return {
    ...scope,
    drop(param, why) {
      if (reported.has(param)) return;
      reported.add(param);
      scope.drop(param, why);
    },
  };
}
