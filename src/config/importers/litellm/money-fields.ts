import type { JsonObject } from '../../../core/json.ts';
import { findProvider } from '../../../providers/hosts/index.ts';
import type { Section } from '../foreign/section.ts';
import type { Settings } from './settings.ts';

/** LiteLLM's budgets without a duration never begin anew; this is the longest period there is. */
const forever = '3650d';

/** LiteLLM's prices that a target may have. */
const prices = [
  'input_cost_per_token',
  'output_cost_per_token',
  'cache_read_input_token_cost',
  'cache_creation_input_token_cost',
  'output_cost_per_reasoning_token',
  'input_cost_per_audio_token',
  'output_cost_per_audio_token',
  'input_cost_per_request',
];

const whole = ['input_cost_per_token', 'output_cost_per_token', 'input_cost_per_request'];

/** What a deployment costs, and may cost. Prices stand in its params or in `model_info`; the first counts. */
export function moneyFields(params: Section, info: Section | undefined): JsonObject {
  const pricing = Object.fromEntries(
    prices.flatMap((name) => {
      const price = params.number(name) ?? info?.number(name);
      return price === undefined ? [] : [[name, price]];
    }),
  );
  const isPriced = whole.some((name) => Object.hasOwn(pricing, name));
  if (!isPriced) for (const name of Object.keys(pricing)) params.warn(name, 'No effect without a price of all tokens.');
  const budget = budgetAt(params, 'max_budget', 'budget_duration');
  const at = params.has('base_model') ? params : info;
  if (at === params) info?.warn('base_model', `Overruled by ${params.pathOf('base_model')}.`);
  const base = at?.text('base_model');
  const like = base === undefined ? undefined : priceModel(base);
  if (base !== undefined && like === undefined)
    at?.warn(
      'base_model',
      'It does not say whose model it is, as in "azure/gpt-4o": the price is that of the deployment’s own name.',
    );
  if (isPriced) at?.warn('base_model', 'No effect beside prices of its own.');
  return {
    ...(budget === undefined ? {} : { budget }),
    ...(isPriced ? { pricing } : like === undefined ? {} : { pricing: like }),
  };
}

/** `azure/gpt-4o` as a model of the price list. */
function priceModel(base: string): string | undefined {
  const [provider = '', ...rest] = base.split('/');
  const known = rest.length === 0 ? undefined : findProvider(provider)?.name;
  return known === undefined ? undefined : `${known}/${rest.join('/')}`;
}

/** Budgets over everything, and for each provider. */
export function rootBudgets(settings: Settings): readonly JsonObject[] {
  const holder = settings.holder('max_budget');
  const all = holder === undefined ? undefined : budgetAt(holder, 'max_budget', 'budget_duration');
  if (holder === undefined) settings.warn('budget_duration', 'Of no budget: there is no "max_budget".');
  const config = settings.holder('provider_budget_config');
  const providers = config?.section('provider_budget_config');
  const perProvider = (providers?.unread() ?? []).flatMap((name): JsonObject[] => {
    const section = providers?.section(name);
    const known = findProvider(name)?.name;
    if (known === undefined) providers?.refuse(name, `Unknown provider "${name}".`);
    const budget = section === undefined ? undefined : budgetAt(section, 'budget_limit', 'time_period');
    section?.finish(['budget_limit', 'time_period']);
    return budget === undefined || known === undefined ? [] : [{ ...budget, by: 'provider', of: known }];
  });
  return [...(all === undefined ? [] : [all]), ...perProvider, ...tagBudgets(settings)];
}

/** `tag_budget_config`: for calls with a tag, whatever deployment they go to. */
function tagBudgets(settings: Settings): readonly JsonObject[] {
  const tags = settings.holder('tag_budget_config')?.section('tag_budget_config');
  return (tags?.unread() ?? []).flatMap((tag): JsonObject[] => {
    const section = tags?.section(tag);
    const isOwn = section?.has('max_budget') === true;
    const [amount, period] = [isOwn ? 'max_budget' : 'budget_limit', isOwn ? 'budget_duration' : 'time_period'];
    const budget = section === undefined ? undefined : budgetAt(section, amount, period);
    section?.finish([amount, period]);
    return budget === undefined ? [] : [{ ...budget, by: 'tag', of: tag }];
  });
}

function budgetAt(section: Section, amountKey: string, periodKey: string): JsonObject | undefined {
  const amount = section.number(amountKey);
  const period = section.line(periodKey);
  if (amount === undefined) {
    if (period !== undefined) section.warn(periodKey, `Of no budget: there is no "${amountKey}".`);
    return undefined;
  }
  if (period !== undefined && !/^\d+(?:s|m|h|d|w|mo|y)$/.test(period)) {
    section.refuse(periodKey, 'Must be a duration such as "30d", "24h" or "1mo".');
    return undefined;
  }
  // A model whose price nobody knows costs LiteLLM nothing.
  return { amount, period: period ?? forever, unpriced: 'free' };
}
