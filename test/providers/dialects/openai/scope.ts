import type { CodecScope } from '../../../../src/core/provider.ts';

/** A scope with literal time and ID; `drop` fails the test unless given. */
export function scopeOf(over: Partial<CodecScope> = {}): CodecScope {
  return {
    request: { endpoint: 'chat/completions', body: {} },
    model: 'gpt-4o',
    stream: false,
    strict: true,
    settings: {},
    now: () => 1_700_000_000_000,
    id: () => 'id-1',
    drop: (param, why) => {
      throw new Error(`dropped ${param}: ${why}`);
    },
    ...over,
  };
}
