import type { Demand, Limit } from '../../core/limit.ts';
import type { BudgetGroup } from '../../routing/state/budget/budget-group.ts';
import { budgetLimits } from '../../routing/state/budget/budget-limit.ts';
import { type BudgetSnapshot, budgetSnapshots } from '../../routing/state/budget/budget-words.ts';
import { contextWindow } from '../../routing/state/context-window.ts';
import type { TargetState, TellBudgets } from '../../routing/state/target-state.ts';
import type { Config } from '../config.ts';
import { nodeIdentity } from '../limits/node-identity.ts';
import type { NodeAbove, Place } from '../place.ts';
import { type BudgetPlan, budgetPlans } from './budget-plan.ts';
import type { Fare } from './fare.ts';

/** What limits the money and the size of a target's calls. */
export interface TargetMoney {
  /** Budgets of the client and of the nodes above. */
  readonly shared: readonly Limit[];
  /** Its own budgets, and its context window. */
  readonly own: readonly Limit[];
  /** Must be known before any call is admitted what it costs? */
  readonly needsPrices: boolean;
  /** How the budgets that a call of this target must fit stand. */
  readonly budgets: TellBudgets;
}

/** The budgets of the client, of the nodes above and of the target itself, and its context window. */
export function targetMoney(node: Config, place: Place, state: TargetState, fare: Fare): TargetMoney {
  const { path, above, options } = place;
  const { accounts, plans, keyPlans } = options.money;
  const now = options.runtime.clock.now;
  const toGroup = (plan: BudgetPlan) => bound(plan, fare);
  const shared = [
    ...plans,
    ...above.flatMap((each, index) => plansAbove(each, () => nodeOwner(above, index), place)),
  ].map(toGroup);
  const ofKeys = keyPlans.map(toGroup);
  const own = plansOf(node, path, () => `target ${state.id}`, place).map(toGroup);
  const { max_input_tokens, max_output_tokens } = node;
  const size = { path, maxInputTokens: max_input_tokens, maxOutputTokens: max_output_tokens };
  const hasSize = max_input_tokens !== undefined || max_output_tokens !== undefined;
  const scope = { accounts, now, tariffFor: fare.tariffFor, maxOutputTokens: max_output_tokens };
  const toLimits = (groups: readonly BudgetGroup[]) => groups.flatMap((group) => budgetLimits(group, scope));
  const all = [...shared, ...own];
  return {
    shared: toLimits([...shared, ...ofKeys]),
    own: [...(hasSize ? [contextWindow(size)] : []), ...toLimits(own)],
    needsPrices: all.length > 0,
    budgets: (at, told) => [
      ...all.flatMap((group) => tellOnce(group, told, () => budgetSnapshots(group, accounts, at))),
      ...ofKeys
        .flatMap((group) => tellOnce(group, told, () => budgetSnapshots(group, accounts, at)))
        .filter(({ of }) => of === `virtual_key=${fare.ownKey}`),
    ],
  };
}

/** The same budgets may hold for many targets, and have as many values as there are callers. */
function tellOnce(
  { rulesOf }: BudgetGroup,
  told: Map<unknown, readonly BudgetSnapshot[]>,
  tell: () => readonly BudgetSnapshot[],
): readonly BudgetSnapshot[] {
  const known = told.get(rulesOf) ?? tell();
  told.set(rulesOf, known);
  return known;
}

const plansByNode = new WeakMap<Config, readonly BudgetPlan[]>();

/** The same for every target below a node. */
function plansAbove({ node, path }: NodeAbove, owner: () => string, place: Place): readonly BudgetPlan[] {
  const known = plansByNode.get(node) ?? plansOf(node, path, owner, place);
  plansByNode.set(node, known);
  return known;
}

function plansOf(node: Config, path: string, owner: () => string, { options }: Place): readonly BudgetPlan[] {
  if (node.budget === undefined) return [];
  const { currencyRates } = options.money;
  return budgetPlans(node.budget, {
    owner: once(owner),
    path: `${path}.budget`,
    onExhausted: node.on_exhausted,
    currencyRates,
  });
}

function once(make: () => string): () => string {
  let made: string | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Names the owner of a node's budgets. A node and one right above it may be known by the same targets: their money is not the same. */
function nodeOwner(above: readonly NodeAbove[], index: number): string {
  const identities = above.slice(0, index + 1).map(({ node }) => nodeIdentity(node));
  const own = identities.at(-1) ?? '';
  const before = identities.filter((identity) => identity === own).length - 1;
  return `node ${own}${before === 0 ? '' : ` ${before}`}`;
}

function bound({ by, ...plan }: BudgetPlan, fare: Fare): BudgetGroup {
  return by === undefined ? plan : { ...plan, by: { name: by, valueOf: valueReader(by, fare) } };
}

/** As long as Portkey lets a value of metadata be. Longer ones that begin alike share a budget, so that none is worth its memory. */
const longestValue = 128;

function valueReader(by: string, fare: Fare): (demand: Demand) => string {
  if (by === 'provider') return fare.providerOf;
  if (by === 'virtual_key') return fare.virtualKeyOf;
  if (by === 'model') return (demand) => demand.model;
  // Whose call it is, as a server says; no config can name it.
  if (by === 'key') return ({ tenant = '' }) => tenant;
  if (by.startsWith('tag ')) {
    const tag = by.slice('tag '.length);
    return ({ tags }) => (tags?.includes(tag) === true ? tag : '');
  }
  const key = by.slice('metadata.'.length);
  return ({ metadata }) => (Object.hasOwn(metadata, key) ? (metadata[key] ?? '').slice(0, longestValue) : '');
}
