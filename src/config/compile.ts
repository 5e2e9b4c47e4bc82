import { compose, type Handler, type Middleware } from '../core/handler.ts';
import type { Health } from '../core/health.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Child } from '../core/strategy.ts';
import type { Vault } from '../core/vault.ts';
import {
  allOpen,
  cache,
  cooldown,
  deadline,
  maxConcurrency,
  observe,
  type RetryPlace,
  retry,
  timeout,
} from '../routing/middleware/index.ts';
import type { TargetState } from '../routing/state/target-state.ts';
import type { TargetStates } from '../routing/state/target-states.ts';
import { parseSlugModel } from '../vault/slug.ts';
import { type ClientCache, toCachePolicy } from './cache-policy.ts';
import { compileStrategy } from './compile-strategy.ts';
import type { Config, Strategy } from './config.ts';
import { nodeHealth, targetHealth } from './health/child-health.ts';
import { type CooldownSettings, defaultAllOpen } from './health/cooldown-settings.ts';
import { type Inherited, inherit } from './inherit.ts';
import { credentialSource, type OwnCredentials } from './leaf/credential-source.ts';
import { leaf } from './leaf/leaf.ts';
import { type SeatFacts, standingIdOf } from './leaf/seat.ts';
import { fieldsOf, ownCredentials } from './own-credentials.ts';
import { toRetryPolicy } from './retry-policy.ts';

/** What a config is compiled with. */
export interface CompileOptions {
  readonly runtime: Runtime;
  readonly vault: Vault;
  /** What the client's own options hand down to every target. */
  readonly inherited: Inherited;
  /** Base URL from the client's options; targets that name their own keep it. */
  readonly customHost?: string | undefined;
  readonly cache: ClientCache;
  /** Keys of providers in environment variables, by provider name. */
  readonly environment: Vault;
  /** Whom a target asks that does not say. */
  readonly client?: OwnCredentials | undefined;
  /** What the client knows of its targets. */
  readonly states: TargetStates;
}

/** A checked config to one composed handler. Nothing of it is interpreted per request. */
export function compileConfig(config: Config, options: CompileOptions): Handler {
  const place: Place = {
    path: 'config',
    root: config,
    inherited: options.inherited,
    options,
    isLone: true,
    isLastResort: true,
  };
  return compileNode(config, place).handler;
}

interface Place {
  readonly path: string;
  /** The whole config. */
  readonly root: Config;
  readonly inherited: Inherited;
  readonly options: CompileOptions;
  /** Has no siblings. */
  readonly isLone: boolean;
  /** Nothing above goes on to another child when all of this one cools: waiting, if any, happens here. */
  readonly isLastResort: boolean;
}

interface Compiled {
  readonly handler: Handler;
  readonly health: Health;
}

function compileNode(node: Config, place: Place): Compiled {
  const here = { ...place, inherited: inherit(place.inherited, node) };
  const { handler, ...facts } =
    node.targets === undefined || node.strategy === undefined
      ? compileLeaf(node, here, place.inherited.customHost ?? place.options.customHost)
      : compileBranch(node.targets, node.strategy, here);
  return { health: facts.health, handler: compose(nodeStack(node, { ...here, ...facts }), handler) };
}

/** Outermost first. */
function nodeStack(node: Config, place: Place & Node): readonly Middleware[] {
  const { path, health, options } = place;
  const { runtime, states } = options;
  const stack: Middleware[] = [];
  // The deadline spans everything below it: waits, retries, children, a stream to its end.
  if (node.total_timeout !== undefined && node.total_timeout > 0)
    stack.push(deadline(node.total_timeout, runtime.clock));
  // A hit must cost no target, no quota and no wait: above retry and strategy. Below the deadline, which also bounds the wait for another's call.
  if (node.cache !== undefined) {
    const policy = toCachePolicy(node, node.cache, { ...place, customHost: options.customHost, client: options.cache });
    stack.push(cache(policy, options.cache, runtime.clock));
  }
  // A retry on a node stands above its strategy: each try picks again.
  const retries = node.retry?.scope === 'node' ? toRetryPolicy(node.retry) : undefined;
  if (retries !== undefined) stack.push(retry(retries, retryPlace(node, place), runtime));
  // Below the retry, so that each try waits for itself; only where no sibling could answer in the meantime, and once.
  if (place.isLastResort && !place.waitsBelow && health.isGuarded)
    stack.push(allOpen(place.inherited.cooldown?.allOpen ?? defaultAllOpen, { path, health, states }, runtime.clock));
  return stack;
}

interface Node {
  readonly health: Health;
  /** Empty for a target. */
  readonly children: readonly Child[];
  /** Each child is a last resort itself. */
  readonly waitsBelow: boolean;
}

/** Only a loadbalance picks another child on the next try. */
function retryPlace({ strategy }: Config, { path, children, options }: Place & Node): RetryPlace {
  if (strategy?.mode !== 'loadbalance') return { path, picksAgain: true };
  const { clock } = options.runtime;
  return {
    path,
    picksAgain: true,
    hasOthers: (tried) =>
      tried.length > 0 &&
      children.some(
        ({ weight, health }, index) => weight > 0 && !tried.includes(index) && (health?.share(clock.now()) ?? 1) > 0,
      ),
  };
}

function compileBranch(targets: readonly Config[], strategy: Strategy, place: Place): Compiled & Node {
  const { path, root, inherited, options } = place;
  const isLone = targets.length === 1;
  const goesOn = strategy.mode === 'fallback' || strategy.mode === 'loadbalance';
  const isLastResort = place.isLastResort && (isLone || !goesOn);
  const children = targets.map((target, index): Child & { readonly health: Health } => {
    const childPath = `${path}.targets[${index}]`;
    return {
      path: childPath,
      ...compileNode(target, { path: childPath, root, inherited, options, isLone, isLastResort }),
      weight: target.weight ?? 1,
      ...(target.name === undefined ? {} : { name: target.name }),
      ...(target.on_errors === undefined ? {} : { onErrors: target.on_errors }),
    };
  });
  const reachable = strategy.mode === 'loadbalance' ? children.filter(({ weight }) => weight > 0) : children;
  return {
    handler: compileStrategy(strategy, children, { path, runtime: options.runtime }),
    health: nodeHealth(reachable.map((child) => child.health)),
    children,
    waitsBelow: isLastResort,
  };
}

/** What stands for a target's credential in its identity. */
function referenceOf(own: OwnCredentials): string {
  if (own.kind === 'given') return own.reference;
  return own.kind === 'virtual-key' ? `virtual key ${own.slug}` : own.path;
}

/** `hostAbove`: what the target's parents, else the client, give as address. */
function compileLeaf(node: Config, place: Place, hostAbove: string | undefined): Compiled & Node {
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
  const target = { own, state, settings };
  return {
    handler: compose(targetStack(node, target, place), handler),
    health: targetHealth(state, { cools: settings !== undefined, maxConcurrency: node.max_concurrency }),
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

interface Target {
  readonly own: OwnCredentials;
  readonly state: TargetState;
  /** Undefined: never cools. */
  readonly settings: CooldownSettings | undefined;
}

/** Outermost first. */
function targetStack(
  node: Config,
  { own, state, settings }: Target,
  { path, inherited, options: { runtime, states } }: Place,
): readonly Middleware[] {
  const policy = inherited.retry === undefined ? undefined : toRetryPolicy(inherited.retry);
  const { name, max_concurrency } = node;
  const observed = {
    path,
    provider: own.kind === 'given' ? own.credentials.provider : '',
    ...(name === undefined ? {} : { name }),
  };
  const isReady = settings === undefined ? undefined : () => state.circuit.readyAt() <= runtime.clock.now();
  return [
    // Each try below is an attempt of its own; once the target cools the tries left stop.
    ...(policy === undefined ? [] : [retry(policy, { path, picksAgain: false, isReady }, runtime)]),
    // Below the retry: every try counts. Above the timeout: a timeout is a failure.
    ...(settings === undefined ? [] : [cooldown(settings.policy, { path, name, state, states }, runtime)]),
    // What is refused for want of room says nothing of the target.
    ...(max_concurrency === undefined ? [] : [maxConcurrency(max_concurrency, { path, state })]),
    // Only calls really made are reported, and counted as in flight.
    observe(observed, runtime, state),
    // Innermost: each try has the whole time.
    timeout(inherited, runtime.clock),
  ];
}
