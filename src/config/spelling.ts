import { didYouMean } from '../core/did-you-mean.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { Issues } from './issues.ts';
import { aliasesOf, keysOf, type Place, paramKeys, unsupportedKeys } from './keys.ts';
import { readEmbedding } from './semantic/embedding.ts';

/** A copy of `node` with every structural key in snake_case. Params, metadata and queries stay to the letter. Unknown, misplaced, unsupported and twice-given keys are reported. */
export function toCanonicalSpelling(node: unknown, issues: Issues): unknown {
  return respellNode(node, '$', issues);
}

function respellNode(node: unknown, path: string, issues: Issues): unknown {
  if (!isJsonObject(node)) return node;
  const result = respell(node, { place: 'node', path, issues });
  if (Array.isArray(result.targets)) {
    result.targets = result.targets.map((target, index) => respellNode(target, `${path}.targets[${index}]`, issues));
  }
  if (isJsonObject(result.model_groups)) result.model_groups = respellGroups(result.model_groups, path, issues);
  respellParts(
    result,
    [
      'retry',
      'cooldown',
      'cb_config',
      'cache',
      'affinity',
      'health_check',
      'rate_limit',
      'queue',
      'api_keys',
      'budget',
      'pricing',
    ],
    path,
    issues,
  );
  if (isJsonObject(result.cache) && result.cache.embedding !== undefined) {
    const at = `${path}.cache.embedding`;
    const respelled = (node: unknown) => respellNode(node, at, issues);
    const embedding = readEmbedding(result.cache.embedding, { path: at, issues }, respelled);
    result.cache = { ...result.cache, embedding };
  }
  if (isJsonObject(result.strategy)) result.strategy = respellStrategy(result.strategy, `${path}.strategy`, issues);
  return result;
}

/** Names stay to the letter. */
function respellGroups(groups: JsonObject, path: string, issues: Issues): JsonObject {
  return Object.fromEntries(
    Object.entries(groups).map(([name, group]) => [
      name,
      respellNode(group, `${path}.model_groups[${JSON.stringify(name)}]`, issues),
    ]),
  );
}

/** Parts that are places of their own, named by the key they stand under. */
function respellParts(
  node: Record<string, unknown>,
  places: readonly Exclude<Place, 'node' | 'strategy' | 'condition'>[],
  path: string,
  issues: Issues,
): void {
  for (const place of places) {
    const part = node[place];
    if (isJsonObject(part)) node[place] = respellPart(part, { place, path: `${path}.${place}`, issues });
    // Some may be lists of parts.
    if (Array.isArray(part))
      node[place] = part.map((each: unknown, index) =>
        isJsonObject(each) ? respellPart(each, { place, path: `${path}.${place}[${index}]`, issues }) : each,
      );
  }
}

function respellPart(part: JsonObject, scope: Scope): JsonObject {
  const result = respell(part, scope);
  const { path, issues } = scope;
  if (scope.place === 'api_keys') respellParts(result, ['rate_limit'], path, issues);
  if (scope.place !== 'retry') return result;
  respellParts(result, ['backoff'], path, issues);
  if (isJsonObject(result.budget))
    result.budget = respell(result.budget, { place: 'retry_budget', path: `${path}.budget`, issues });
  return result;
}

/** One budget or a list of them, in canonical spelling. */
export function respellBudgets(budget: unknown, path: string, issues: Issues): unknown {
  if (Array.isArray(budget)) return budget.map((each, index) => respellBudgets(each, `${path}[${index}]`, issues));
  return isJsonObject(budget) ? respell(budget, { place: 'budget', path, issues }) : budget;
}

/** One price, in canonical spelling. */
export function respellPricing(pricing: unknown, path: string, issues: Issues): unknown {
  return isJsonObject(pricing) ? respell(pricing, { place: 'pricing', path, issues }) : pricing;
}

function respellStrategy(strategy: JsonObject, path: string, issues: Issues): JsonObject {
  const result = respell(strategy, { place: 'strategy', path, issues });
  respellParts(result, ['cb_config', 'sticky'], path, issues);
  if (Array.isArray(result.conditions)) {
    result.conditions = result.conditions.map((condition, index) =>
      isJsonObject(condition)
        ? respell(condition, { place: 'condition', path: `${path}.conditions[${index}]`, issues })
        : condition,
    );
  }
  return result;
}

interface Scope {
  readonly place: Place;
  readonly path: string;
  readonly issues: Issues;
}

function respell(source: JsonObject, scope: Scope): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const given = new Map<string, string>();
  for (const [key, value] of Object.entries(source)) {
    if (value === undefined) continue;
    const canonical = canonicalKey(key, scope.place);
    const before = given.get(canonical);
    if (before !== undefined) {
      scope.issues.add(`${scope.path}.${canonical}`, `Given twice, as "${before}" and as "${key}". Keep one.`);
    } else if (keysOf[scope.place].has(canonical)) {
      given.set(canonical, key);
      result[canonical] = value;
    } else {
      scope.issues.add(`${scope.path}.${key}`, whyNot(canonical, scope.place));
    }
  }
  return result;
}

function canonicalKey(key: string, place: Place): string {
  const snake = key.replaceAll(/[A-Z]+/g, (capitals) => `_${capitals.toLowerCase()}`);
  const aliases = aliasesOf[place];
  return Object.hasOwn(aliases, snake) ? (aliases[snake] ?? snake) : snake;
}

const placeNames: Readonly<Record<Place, string>> = {
  node: 'a target or node',
  strategy: '"strategy"',
  retry: '"retry"',
  cache: '"cache"',
  condition: 'a condition',
  cooldown: '"cooldown"',
  cb_config: '"cb_config"',
  sticky: '"strategy.sticky"',
  affinity: '"affinity"',
  health_check: '"health_check"',
  budget: '"budget"',
  pricing: '"pricing"',
  backoff: '"retry.backoff"',
  retry_budget: '"retry.budget"',
  rate_limit: '"rate_limit"',
  queue: '"queue"',
  api_keys: '"api_keys"',
};

/** Where a misplaced key is looked for, in this order. */
const otherPlaces = [
  'strategy',
  'node',
  'retry',
  'cooldown',
  'cb_config',
  'sticky',
  'cache',
  'queue',
  'rate_limit',
  'budget',
] as const;

function whyNot(key: string, place: Place): string {
  if (unsupportedKeys[place].has(key)) return `"${key}" is not supported by this version of modelmux. Remove it.`;
  if (place === 'node' && paramKeys.has(key))
    return `"${key}" is a request parameter. It belongs in "override_params" or "default_params".`;
  const elsewhere = otherPlaces.find((other) => other !== place && keysOf[other].has(key));
  if (elsewhere !== undefined && !(elsewhere === 'node' && place === 'condition')) {
    return `"${key}" has no meaning here. It belongs in ${placeNames[elsewhere]}.`;
  }
  return `Unknown key "${key}" of ${placeNames[place]}.${didYouMean(key, keysOf[place])}`;
}
