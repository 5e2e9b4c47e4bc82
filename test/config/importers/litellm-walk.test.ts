import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ConfigError } from '../../../src/core/errors/config-error.ts';
import { fromLiteLLM } from '../../../src/import.ts';
import { everything } from './litellm-everything.ts';
import { leavesOf, pathOf, valueAt, withValue } from './walk.ts';

const environment = { REDIS_HOST: 'around', AROUND: 'value' };

/** What an import comes to, as text; what it refuses, where it is refused. */
function outcome(document: unknown): string {
  try {
    const { config, client, server, warnings } = fromLiteLLM(document, { environment });
    return JSON.stringify({ config, client, server, warnings });
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/** Another value of the same kind. */
function another(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  return typeof value === 'string' ? `${value}1` : 'more';
}

const standing = outcome(everything);

it('the document that says everything can be used', () => {
  expect(() => fromLiteLLM(everything, { environment })).not.toThrow();
});

it.each(leavesOf(everything).map((place) => [pathOf(place), place] as const))(
  '%s is mapped, or warned of',
  (_, place) => {
    const warned = new Set(fromLiteLLM(everything, { environment }).warnings.map(({ path }) => path));
    const isWarnedOf = place.some((_key, index) => warned.has(pathOf(place.slice(0, index + 1))));
    // Another value of its kind comes to something else, and one that cannot be meant too.
    // Of tiers only their order counts.
    const meant = pathOf(place).endsWith('.order') ? [] : [another(valueAt(everything, place))];
    for (const other of [...meant, { some: 'nonsense' }])
      expect(isWarnedOf || outcome(withValue(everything, place, other)) !== standing).toBe(true);
  },
);

/** Objects whose keys are names, or a provider's own. */
const named =
  /environment_variables|context_window_fallback_dict|model_group_alias$|fallbacks|extra_body|cache_kwargs|vertex_credentials|credential_(values|info)|metadata|extra_headers|alerting_config|odd_section|guardrails|routing_strategy_args|provider_budget_config$|model_group_retry_policy$/;

it('keys that nobody knows are warned of wherever they stand', () => {
  const objects = leavesOf(everything).flatMap((leaf) => leaf.map((_, length) => leaf.slice(0, length)));
  for (const place of objects) {
    if (Array.isArray(valueAt(everything, place)) || named.test(pathOf(place))) continue;
    const { warnings } = fromLiteLLM(withValue(everything, [...place, 'never_heard_of'], 1), { environment });
    expect(warnings.map(({ path }) => path)).toContain(`${pathOf(place)}.never_heard_of`);
  }
});

it('a variable that is missing is refused with its path, when somebody needs it', () => {
  expect(
    outcome({ model_list: [{ model_name: 'a', litellm_params: { model: 'gpt-4', api_key: 'os.environ/NOPE' } }] }),
  ).toBe(
    'Invalid LiteLLM document:\n  $.model_list[0].litellm_params.api_key: The environment variable NOPE is not set.',
  );
});

const words = fc.constantFrom(
  'model_list',
  'model_name',
  'litellm_params',
  'model',
  'api_key',
  'api_base',
  'rpm',
  'tpm',
  'weight',
  'order',
  'fallbacks',
  'num_retries',
  'timeout',
  'litellm_settings',
  'router_settings',
  'general_settings',
  'cache',
  'cache_params',
  'type',
  'model_info',
  'id',
  'organization',
  'model_group_alias',
  'routing_strategy',
  'retry_policy',
  'allowed_fails',
  'cooldown_time',
  'default_litellm_params',
  'context_window_fallback_dict',
  'provider_budget_config',
  'gpt-4',
  'azure/*',
  'constructor',
  '__proto__',
  'redis',
  'os.environ/AROUND',
  'os.environ/NOPE',
  'environment_variables',
  'credential_list',
  'toString',
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.oneof(words, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.string()),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(words, tie('value'), { maxKeys: 6 }),
  ),
}));

it('nothing but a ConfigError is ever thrown, whatever is given', () => {
  fc.assert(
    fc.property(fc.oneof(value, fc.jsonValue(), fc.string()), (document) => {
      outcome(document);
    }),
    { numRuns: 3000 },
  );
});

it('nor for a sound document in which one thing is exchanged for another', () => {
  const places = leavesOf(everything).flatMap((leaf) => leaf.map((_, length) => leaf.slice(0, length + 1)));
  fc.assert(
    fc.property(fc.constantFrom(...places), value, (place, other) => {
      outcome(withValue(everything, place, other));
    }),
    { numRuns: 1500 },
  );
});
