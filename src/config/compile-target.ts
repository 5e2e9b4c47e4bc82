import { compose } from '../core/handler.ts';
import type { TargetState } from '../routing/state/target-state.ts';
import { parseSlugModel } from '../vault/slug.ts';
import type { Config } from './config.ts';
import { targetHealth } from './health/child-health.ts';
import { credentialSource, type OwnCredentials } from './leaf/credential-source.ts';
import { leaf } from './leaf/leaf.ts';
import { type SeatFacts, standingIdOf } from './leaf/seat.ts';
import { bodyRule } from './limits/body-rule.ts';
import { targetLimits } from './limits/target-limits.ts';
import { fieldsOf, ownCredentials } from './own-credentials.ts';
import type { Compiled, Node, Place } from './place.ts';
import { targetStack } from './target-stack.ts';

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
    credentialSource(own, vault),
    runtime,
  );
  const state = stateOf(own, seat, place);
  const settings = inherited.cooldown?.exemptSingle === true && place.isLone ? undefined : inherited.cooldown;
  const limits = targetLimits(node, place, state);
  const rule = bodyRule(inherited, own);
  const target = { own, state, settings, limits, rule };
  return {
    handler: compose(targetStack(node, target, place), handler),
    health: targetHealth(state, { cools: settings !== undefined, limits, rule, isQueued: false }),
    children: [],
    waitsBelow: false,
  };
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
