import type { JsonObject } from '../../../core/json.ts';
import type { Config } from '../../config.ts';
import type { Section } from '../foreign/section.ts';
import type { Keys } from './keys.ts';
import { perSecond, type RouteModel, readModel } from './model.ts';

/** What routes need of the document around them. */
export interface RouteScope {
  readonly keys: Keys;
  readonly providers: ReadonlyMap<string, Section>;
  /** Providers that are switched off. */
  readonly disabled: ReadonlySet<string>;
}

/** A route as a config. */
export interface Route {
  readonly name: string;
  readonly type: string | undefined;
  readonly config: Config;
}

/** Reads a route; undefined where it is switched off or cannot be used. */
export function readRoute(section: Section, scope: RouteScope): Route | undefined {
  if (section.boolean('enabled') === false) {
    section.reading.notes.warn(section.path, 'It is not enabled: left out.');
    return undefined;
  }
  const name = section.text('name');
  if (name === undefined || name === '') section.refuse('name', 'Missing: what the route is called.');
  const type = section.text('type');
  const settings = section.section('config');
  const models = section.sections('models').flatMap((entry, index) => {
    const wrapped = entry.has('model') ? entry.section('model') : entry;
    if (wrapped !== entry) entry.finish(['model']);
    if (wrapped === undefined || isDisabled(wrapped, scope)) return [];
    return readModel(wrapped, { ...scope, id: `${name}.models[${index}]` }) ?? [];
  });
  if (models.length === 0) section.reading.notes.refuse(section.pathOf('models'), 'Needs at least one model.');
  const fields = routeFields(settings);
  section.finish(['name', 'type', 'enabled', 'models', 'config']);
  if (name === undefined || models.length === 0) return undefined;
  return { name, type, config: { name, ...fields.root, ...toNode(models, fields.primary, section) } };
}

function isDisabled(model: Section, { disabled }: RouteScope): boolean {
  const provider = model.text('provider') ?? '';
  if (!disabled.has(provider)) return false;
  model.reading.notes.warn(model.path, `Its provider "${provider}" is not enabled: left out.`);
  return true;
}

/** What leads from a model to a fallback: Javelin's documents name budgets and rates, and these statuses. */
const spent = { on_errors: ['budget', 'rate_limit'], on_status_codes: [429, 503] } as const;

/** Models by weight; then, when these are spent, those that are fallbacks; or one after the other, where models name statuses that lead on. */
function toNode(models: readonly RouteModel[], primaryFields: JsonObject, section: Section): Config {
  const fallbacks = models.filter(({ isFallback }) => isFallback);
  const primary = models.filter(({ isFallback }) => !isFallback);
  if (fallbacks.length > 0 && primary.length > 0) {
    const first = { ...spread(primary), ...primaryFields };
    return { strategy: { mode: 'fallback', ...spent }, targets: [first, spread(fallbacks)] };
  }
  const [first, ...others] = models;
  if (first?.leadsOn !== undefined && others.length > 0) {
    for (const { path, weight } of models)
      if (weight !== undefined)
        section.reading.notes.warn(`${path}.weight`, 'No effect where models are asked one after the other.');
    return chain(first, others, primaryFields);
  }
  return { ...spread(models), ...primaryFields };
}

function spread(models: readonly RouteModel[]): Config {
  return {
    strategy: { mode: 'loadbalance' },
    targets: models.map(({ node, weight }) => (weight === undefined ? node : { ...node, weight })),
  };
}

function chain(first: RouteModel, others: readonly RouteModel[], primaryFields: JsonObject): Config {
  const [next, ...more] = others;
  if (next === undefined || first.leadsOn === undefined) return { ...first.node, ...primaryFields };
  const strategy = {
    mode: 'fallback' as const,
    ...(first.leadsOn.length === 0 ? {} : { on_status_codes: first.leadsOn }),
  };
  return { strategy, targets: [{ ...first.node, ...primaryFields }, chain(next, more, {})] };
}

const elsewhere: Readonly<Record<string, string>> = {
  organization: 'Only a note: it has no effect.',
  owner: 'Only a note: it has no effect.',
  archive: 'Nothing is archived by itself. Listen to the client’s events.',
  retention: 'Nothing is archived by itself. Listen to the client’s events.',
  dlp: 'Checks stand in the config: "input_guardrails" and "output_guardrails".',
  prompt_safety: 'Checks stand in the config: "input_guardrails" and "output_guardrails".',
  content_filter: 'Checks stand in the config: "input_guardrails" and "output_guardrails".',
  security_filters: 'Checks stand in the config: "input_guardrails" and "output_guardrails".',
  policy: 'Checks stand in the config: "input_guardrails" and "output_guardrails".',
  unified_endpoint: 'Every call has OpenAI’s shape.',
  request_chain: 'Checks stand in the config: "before_request_hooks".',
  response_chain: 'Checks stand in the config: "after_request_hooks".',
};

/** `config` of a route: what holds for all of it, and the budget of the models that are no fallback. */
function routeFields(config: Section | undefined): { readonly root: JsonObject; readonly primary: JsonObject } {
  if (config === undefined) return { root: {}, primary: {} };
  const retries = config.number('retries');
  const requests = perSecond(config);
  const budget = readBudget(config);
  for (const [key, message] of Object.entries(elsewhere)) config.warn(key, message);
  config.finish(['retries', 'rate_limit', 'budget']);
  return {
    root: {
      ...(retries === undefined ? {} : { retry: { attempts: Math.min(100, Math.floor(retries)) } }),
      ...(requests === undefined ? {} : { rate_limit: { requests, per: '1s', mode: 'enforce' } }),
    },
    primary: budget.length === 0 ? {} : { budget, on_exhausted: 'skip' },
  };
}

const periods = { daily: 'day', weekly: 'week', monthly: 'month', annual: 'year' } as const;

function readBudget(config: Section): readonly JsonObject[] {
  if (typeof config.any('budget') === 'number') {
    config.warn('budget', 'A number says no period. Write { "monthly": … }.');
    return [];
  }
  const section = config.section('budget');
  if (section === undefined) return [];
  const isOff = section.boolean('enabled') === false;
  if (isOff) section.warn('enabled', 'The budget is left out.');
  const currency = section.text('currency');
  const found = Object.entries(periods).flatMap(([key, period]) => {
    const amount = section.number(key);
    if (amount === undefined || amount === 0) return [];
    return [{ amount, ...(currency === undefined ? {} : { currency }), period, reset: 'calendar' }];
  });
  section.finish([...Object.keys(periods), 'enabled', 'currency']);
  return isOff ? [] : found;
}
