import type { RequestDemand } from '../core/demand.ts';
import { loadProviderAhead } from '../core/dialect-parts.ts';
import { compose } from '../core/handler.ts';
import type { Demand, Limit } from '../core/limit.ts';
import { findProvider } from '../providers/hosts/index.ts';
import { takingOf } from '../routing/middleware/index.ts';
import { noteBudgets, type TargetState } from '../routing/state/target-state.ts';
import { parseSlugModel } from '../vault/slug.ts';
import type { Config } from './config.ts';
import { targetHealth } from './health/child-health.ts';
import { type CooldownSettings, defaultCooldown } from './health/cooldown-settings.ts';
import { toHealthCheckPolicy } from './health/health-check.ts';
import { credentialSource, type OwnCredentials } from './leaf/credential-source.ts';
import { leaf } from './leaf/leaf.ts';
import { type SeatFacts, standingIdOf } from './leaf/seat.ts';
import { bodyRule } from './limits/body-rule.ts';
import { targetLimits } from './limits/target-limits.ts';
import { targetCost } from './money/expected-cost.ts';
import { createFare, type Fare } from './money/fare.ts';
import { type TargetMoney, targetMoney } from './money/target-money.ts';
import { fieldsOf, ownCredentials } from './own-credentials.ts';
import type { Compiled, Node, Place } from './place.ts';
import { targetStack } from './target-stack.ts';
import { keyRateLimits } from './virtual-keys/key-rates.ts';

/** What stands for a target's credential in its identity. */
function referenceOf(own: OwnCredentials): string {
  if (own.kind === 'given') return own.reference;
  return own.kind === 'virtual-key' ? `virtual key ${own.slug}` : own.path;
}

/** A target to its handler and health. `hostAbove`: what the target's parents, else the client, give as address. */
export function compileLeaf(node: Config, place: Place, hostAbove: string | undefined): Compiled & Node {
  const { path, inherited, options } = place;
  const { runtime, vault } = options;
  const own = ownCredentials(node, path, options);
  const seat = seatFacts(node, own);
  loadAhead(own);
  const handler = leaf(
    {
      path,
      name: node.name,
      seat,
      overrideParams: inherited.overrideParams,
      defaultParams: inherited.defaultParams,
      dropParams: inherited.dropParams,
      inheritedCustomHost: hostAbove,
      forwardHeaders: inherited.forwardHeaders,
      strictOpenAiCompliance: inherited.strictOpenAiCompliance,
      strictParams: inherited.strictParams,
    },
    credentialSource(own, vault, runtime.clock.now),
    runtime,
  );
  const state = stateOf(own, seat, place);
  const settings = settingsOf(node, place);
  if (node.health_check !== undefined && settings !== undefined) {
    const checked = { path, name: node.name, state, states: options.states, cooldown: settings.policy, handler };
    options.checks.start(checked, toHealthCheckPolicy(node.health_check));
  }
  const fare = createFare({ own, pricing: node.pricing, book: options.money.book, vault });
  const money = targetMoney(node, place, state, fare);
  const limits = targetLimits(node, place, { state, money, keyRates: keyRatesOf(fare, place) });
  noteBudgets(state, path, money.budgets);
  const rule = bodyRule(inherited, own);
  const health = {
    ...targetHealth(state, { cools: settings !== undefined, limits, rule }),
    ...(place.isPriced ? targetCost(fare, rule) : {}),
    ...(options.shared === undefined
      ? {}
      : { taking: (demand: RequestDemand) => takingOf(limits, demand.under(rule)) }),
  };
  const prepare = preparation(fare, money, place);
  const target = { own, state, settings, limits, rule, health, fare, prepare };
  return {
    handler: compose(targetStack(node, target, place), handler),
    health,
    children: [],
    waitsBelow: false,
  };
}

/** A virtual key may be anybody's until it is looked up. */
function loadAhead(own: OwnCredentials): void {
  const provider = own.kind === 'given' ? findProvider(own.credentials.provider) : undefined;
  if (provider !== undefined) loadProviderAhead(provider);
}

function keyRatesOf(fare: Fare, { options: { keyRules: rules, states } }: Place): readonly Limit[] {
  if (rules === undefined) return [];
  return keyRateLimits({ rules, states, keyOf: fare.virtualKeyOf, ownKey: fare.ownKey });
}

/** What must be looked up before the limits are asked. Prices that no budget needs are not. */
function preparation(fare: Fare, { needsPrices }: TargetMoney, { options: { keyRules } }: Place) {
  if (needsPrices) return (demand: Demand) => fare.prepare(demand);
  if (keyRules === undefined) return undefined;
  const isPriced = (slug: string) => keyRules.of(slug)?.usage?.of === 'cost';
  return (demand: Demand) => fare.prepare(demand, isPriced);
}

/** A target that is checked cools, the only one of its node or not: who checks it wants to know. */
function settingsOf({ health_check }: Config, { inherited, isLone }: Place): CooldownSettings | undefined {
  if (health_check !== undefined) return inherited.cooldown ?? defaultCooldown;
  return inherited.cooldown?.exemptSingle === true && isLone ? undefined : inherited.cooldown;
}

function seatFacts(node: Config, own: OwnCredentials): SeatFacts {
  return {
    id: node.id,
    credentialReference: referenceOf(own),
    hasCredentials: own.kind !== 'none',
    ...(own.kind === 'none' ? {} : { issuer: own.kind === 'given' ? own.credentials.provider : '' }),
    fields: fieldsOf(node),
    customHost: node.custom_host,
  };
}

/** A model the config sets belongs to the target's identity; one that names a virtual key says whose target it is. */
function stateOf(own: OwnCredentials, seat: SeatFacts, { path, inherited, options }: Place): TargetState {
  const set = inherited.overrideParams?.model;
  const model = typeof set === 'string' ? set : undefined;
  const named = own.kind === 'none' && model?.startsWith('@') ? parseSlugModel(model) : undefined;
  const facts = named === undefined ? seat : { ...seat, issuer: '', credentialReference: `virtual key ${named.slug}` };
  const id = standingIdOf(facts, named === undefined ? model : named.model);
  const slug = own.kind === 'virtual-key' ? own.slug : named?.slug;
  const provider = own.kind === 'given' ? own.credentials.provider : slug === undefined ? '' : `@${slug}`;
  return options.states.at(id, { path, provider });
}
