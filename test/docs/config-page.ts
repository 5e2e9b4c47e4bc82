import type ts from 'typescript';
import * as z from 'zod/mini';
import { leafKeys } from '../../src/config/check.ts';
import { providerFields } from '../../src/config/config.ts';
import { hookKeys } from '../../src/config/guard/hook-entries.ts';
import { aliasesOf, keysOf, type Place } from '../../src/config/keys.ts';
import { apiKeySchema, rateLimitSchema } from '../../src/config/limits/limit-schema.ts';
import { rootKeys } from '../../src/config/model-group-fields.ts';
import { budgetSchema, pricingSchema } from '../../src/config/money/money-schema.ts';
import { configSchema } from '../../src/config/schema.ts';
import { anchorOf, code, defaultIn, generated, table } from './markdown.ts';
import { type Member, membersOf } from './type-members.ts';
import { type Schema, valueText } from './value-text.ts';

/** Where the interface of each place stands, and the place's heading. */
const places: Readonly<Record<Place, { readonly type: string; readonly file?: string; readonly title: string }>> = {
  node: { type: 'Config', title: 'Nodes and targets' },
  strategy: { type: 'Strategy', title: '`strategy`' },
  condition: { type: 'Condition', title: 'An element of `strategy.conditions`' },
  sticky: { type: 'Sticky', title: '`strategy.sticky`' },
  affinity: { type: 'Affinity', file: 'config/affinity/affinity-config.ts', title: '`affinity`' },
  retry: { type: 'Retry', title: '`retry`' },
  backoff: { type: 'RetryBackoff', title: '`retry.backoff`' },
  retry_budget: { type: 'RetryBudgetConfig', title: '`retry.budget`' },
  cooldown: { type: 'Cooldown', title: '`cooldown`' },
  cb_config: { type: 'CircuitBreaker', title: '`cb_config`, of a node or of `strategy`' },
  health_check: { type: 'HealthCheck', title: '`health_check`' },
  rate_limit: { type: 'RateLimit', file: 'config/limits/limit-config.ts', title: '`rate_limit`, or an element of it' },
  queue: { type: 'Queue', file: 'config/limits/limit-config.ts', title: '`queue`' },
  api_keys: { type: 'ApiKey', file: 'config/limits/limit-config.ts', title: 'An element of `api_keys`' },
  budget: { type: 'BudgetConfig', file: 'config/money/money-config.ts', title: '`budget`, or an element of it' },
  pricing: { type: 'Pricing', file: 'observe/pricing/own-price.ts', title: '`pricing`' },
  cache: { type: 'CacheConfig', title: '`cache`' },
};

const providerKeys: ReadonlySet<string> = new Set(providerFields);

/** `docs/config.md`: every key of a config with its type and range, its default, where it may stand, and what it means. Throws when a key has no docstring. */
export function configPage(program: ts.Program): string {
  const sections = (Object.keys(places) as Place[]).map((place) => section(place, program));
  return `${[generated, intro, ...sections, providerSection(), guardrailSection(program)].join('\n\n')}\n`;
}

const intro = `# Config reference

A config is a tree: nodes that have a \`strategy\` and \`targets\`, and targets at the leaves. A config that is one target, without \`targets\`, is fine too.
Keys are Portkey's, in snake_case; camelCase is accepted for all of them. What stands inside params, metadata and queries is never respelled. An unknown key, a
value out of range and a key in the wrong place are errors, each with its path; \`modelmux validate FILE\` shows them with line and column.

**Where** says on which nodes a key may stand: *any*, *targets* (leaves), *nodes* (those with \`targets\`), *children* (what stands in \`targets\`), *root*.
What comes down the tree is marked *inherited*: params merge, child over parent; everything else is taken from the nearest node that has it.`;

const inherited: ReadonlySet<string> = new Set([
  'override_params',
  'default_params',
  'drop_params',
  'retry',
  'cooldown',
  'cb_config',
  'queue',
  'quota_group',
  'request_timeout',
  'first_token_timeout',
  'idle_timeout',
  'custom_host',
  'forward_headers',
  'strict_open_ai_compliance',
  'strict_params',
  'tags',
  'tag_match',
  'region',
  ...hookKeys.filter(({ isDefault }) => isDefault !== true).map(({ key }) => key),
]);

const onlyAt: Readonly<Record<string, string>> = {
  ...Object.fromEntries(leafKeys.map((key) => [key, 'targets'])),
  ...Object.fromEntries(rootKeys.map((key) => [key, 'root'])),
  ...Object.fromEntries(hookKeys.filter(({ isDefault }) => isDefault).map(({ key }) => [key, 'root'])),
  api_keys: 'targets',
  strategy: 'nodes',
  targets: 'nodes',
  affinity: 'nodes',
  weight: 'children',
  on_errors: 'children',
};

function whereOf(key: string): string {
  const where = onlyAt[key] ?? 'any';
  return inherited.has(key) ? `${where}, inherited` : where;
}

function section(place: Place, program: ts.Program): string {
  const { type, file = 'config/config.ts', title } = places[place];
  const members = new Map(membersOf(program, file, type).map((member) => [member.name, member]));
  const shape = shapeOf(place);
  const rows = [...keysOf[place]]
    .filter((key) => place !== 'node' || !providerKeys.has(key))
    .map((key) => rowOf(key, members.get(key), { place, shape }));
  const head =
    place === 'node' ? ['Key', 'Where', 'Value', 'Default', 'Meaning'] : ['Key', 'Value', 'Default', 'Meaning'];
  const aliases = Object.entries(aliasesOf[place]).map(([other, key]) => `\`${other}\` is another name of \`${key}\`.`);
  return [`## ${title}`, table(head, rows), ...aliases].join('\n\n');
}

function rowOf(key: string, member: Member | undefined, { place, shape }: Spot): readonly string[] {
  const doc = member?.doc ?? '';
  if (doc === '') throw new Error(`The key ${place}.${key} has no docstring.`);
  const schema = shape.properties?.[key] ?? {};
  const isRequired = shape.required?.includes(key) === true;
  const words = valueWords[`${place}.${key}`] ?? valueWords[key] ?? valueText(schema);
  const value = linked(words, place, key);
  const cells = [value, isRequired ? 'required' : defaultIn(doc), doc];
  return [code(key), ...(place === 'node' ? [whereOf(key)] : []), ...cells];
}

/** Objects that have a section of their own lead to it. */
function linked(words: string, place: Place, key: string): string {
  const part = `${place}.${key}`;
  const name = part === 'retry.budget' ? 'retry_budget' : part === 'strategy.conditions' ? 'condition' : key;
  const section = places[name as Place];
  return section === undefined ? words : words.replace('object', `[object](#${anchorOf(section.title)})`);
}

interface Spot {
  readonly place: Place;
  readonly shape: Schema;
}

/** Values whose shape zod tells only by a function, or that say more in words. */
const valueWords: Readonly<Record<string, string>> = {
  'strategy.algorithm':
    '`weighted`, `random`, `round_robin`, `least_busy`, `latency`, `cost`, `usage`, `rate_limit_aware`, `sticky`; or a function',
  targets: 'list of nodes, at least one',
  model_groups: 'object: name of a model to a node',
  rate_limit: 'object, or list of them',
  budget: 'object, or list of them',
  'retry.budget': 'object',
  api_keys: 'list of text or objects, at least one',
  queue: 'object',
  cache: 'object',
  embedding: 'a node, `model` beside it',
  'rate_limit.per': 'time such as `"1s"`, `"1m"`, or milliseconds',
  aliases: 'object: name to name, or to `{ model, hidden }`',
  'condition.query': 'object',
  ...Object.fromEntries(hookKeys.map(({ key }) => [key, 'list of guardrails'])),
};

function shapeOf(place: Place): Schema {
  const at: (path: string) => Schema = (path) =>
    path.split('.').reduce<Schema>((schema, key) => schema.properties?.[key] ?? {}, nodeShape);
  switch (place) {
    case 'node':
      return nodeShape;
    case 'condition':
      return at('strategy.conditions').items ?? {};
    case 'sticky':
      return at('strategy.sticky');
    case 'backoff':
      return at('retry.backoff');
    case 'retry_budget':
      return at('retry.budget');
    case 'rate_limit':
      return toSchema(rateLimitSchema);
    case 'api_keys':
      return toSchema(apiKeySchema);
    case 'queue':
      return at('queue');
    case 'budget':
      return toSchema(budgetSchema);
    case 'pricing':
      return toSchema(pricingSchema);
    default:
      return at(place);
  }
}

function toSchema(type: z.ZodMiniType): Schema {
  return z.toJSONSchema(type, { unrepresentable: 'any' }) as Schema;
}

const nodeShape = toSchema(configSchema);

function providerSection(): string {
  const fields = providerFields.map(code).join(', ');
  return `## Fields of providers

A target with a \`provider\` may have that provider's own fields; which ones each takes, and what it needs, \`modelmux validate\` and the call's error say. They never come down
the tree.

${fields}`;
}

function guardrailSection(program: ts.Program): string {
  const rows = membersOf(program, 'config/guard/guardrail-config.ts', 'Guardrail').map(
    ({ name, doc, isOptional, type }) => [
      code(name),
      type.includes('{') || type.includes('=>') ? 'object' : code(type.replaceAll('"', "'")),
      isOptional ? defaultIn(doc) : 'required',
      doc,
    ],
  );
  return `## A guardrail

An entry of \`input_guardrails\`, \`before_request_hooks\` and the other lists: this object, the ID of one among the client's \`guardrails\`, a function in code, or the short form
\`{ "default.contains": { … }, "deny": true }\`.

${table(['Key', 'Value', 'Default', 'Meaning'], rows)}`;
}
