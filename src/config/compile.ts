import { compose, type Handler, type Middleware } from '../core/handler.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Child } from '../core/strategy.ts';
import type { Vault } from '../core/vault.ts';
import { algorithms } from '../routing/algorithms/index.ts';
import { cache, deadline, observe, retry, timeout } from '../routing/middleware/index.ts';
import { conditional, fallback, loadbalance, single } from '../routing/strategies/index.ts';
import { compileQuery } from '../routing/strategies/query.ts';
import { type ClientCache, toCachePolicy } from './cache-policy.ts';
import type { Config, Strategy } from './config.ts';
import { type Inherited, inherit } from './inherit.ts';
import { credentialSource, type OwnCredentials } from './leaf/credential-source.ts';
import { leaf } from './leaf/leaf.ts';
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
}

/** A checked config to one composed handler. Nothing of it is interpreted per request. */
export function compileConfig(config: Config, options: CompileOptions): Handler {
  return compileNode(config, { path: 'config', root: config, inherited: options.inherited, options });
}

interface Place {
  readonly path: string;
  /** The whole config. */
  readonly root: Config;
  readonly inherited: Inherited;
  readonly options: CompileOptions;
}

function compileNode(node: Config, place: Place): Handler {
  const inherited = inherit(place.inherited, node);
  const here = { ...place, inherited };
  const handler =
    node.targets === undefined || node.strategy === undefined
      ? compileLeaf(node, here, place.inherited.customHost ?? place.options.customHost)
      : compileBranch(node, node.strategy, here);
  return compose(nodeStack(node, here), handler);
}

/** Outermost first. */
function nodeStack(node: Config, place: Place): readonly Middleware[] {
  const { path, options } = place;
  const { runtime } = options;
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
  if (retries !== undefined) stack.push(retry(retries, { path, picksAgain: true }, runtime));
  return stack;
}

function compileBranch(node: Config, strategy: Strategy, { path, root, inherited, options }: Place): Handler {
  const children = (node.targets ?? []).map((target, index): Child => {
    const childPath = `${path}.targets[${index}]`;
    return {
      path: childPath,
      handler: compileNode(target, { path: childPath, root, inherited, options }),
      weight: target.weight ?? 1,
      ...(target.name === undefined ? {} : { name: target.name }),
      ...(target.on_errors === undefined ? {} : { onErrors: target.on_errors }),
    };
  });
  return strategies[strategy.mode](children, strategy, { path, runtime: options.runtime });
}

type Build = (
  children: readonly Child[],
  strategy: Strategy,
  scope: { readonly path: string; readonly runtime: Runtime },
) => Handler;

const strategies: Readonly<Record<Strategy['mode'], Build>> = {
  single: ([child]) => single(child as Child),
  fallback: (children, { on_status_codes, on_errors }, { path, runtime }) =>
    fallback(children, { path, onStatusCodes: on_status_codes, onErrors: on_errors }, runtime.events),
  loadbalance: (children, { algorithm = 'weighted', failover = false }, { path, runtime }) => {
    const picker = algorithms[algorithm](
      children.map((child) => child.weight),
      runtime.random,
    );
    return loadbalance(children, { path, picker, failover });
  },
  conditional: (children, { conditions = [], default: otherwise }, { path }) => {
    const named = (name: string | undefined) => children.find((child) => child.name === name)?.handler;
    const routes = conditions.map(({ query, then }) => ({
      matches: compileQuery(query, () => undefined),
      handler: named(then) as Handler,
    }));
    return conditional(path, routes, otherwise === undefined ? undefined : named(otherwise));
  },
};

/** What stands for a target's credential in its identity. */
function referenceOf(own: OwnCredentials): string {
  if (own.kind === 'given') return own.reference;
  return own.kind === 'virtual-key' ? `virtual key ${own.slug}` : own.path;
}

/** `hostAbove`: what the target's parents, else the client, give as address. */
function compileLeaf(node: Config, place: Place, hostAbove: string | undefined): Handler {
  const { path, inherited, options } = place;
  const { runtime, vault } = options;
  const own = ownCredentials(node, path, options);
  const handler = leaf(
    {
      path,
      name: node.name,
      seat: {
        id: node.id,
        credentialReference: referenceOf(own),
        hasCredentials: own.kind !== 'none',
        fields: fieldsOf(node),
        customHost: node.custom_host,
      },
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
  return compose(targetStack(node, own, place), handler);
}

/** Outermost first. */
function targetStack(
  node: Config,
  own: OwnCredentials,
  { path, inherited, options: { runtime } }: Place,
): readonly Middleware[] {
  const policy = inherited.retry === undefined ? undefined : toRetryPolicy(inherited.retry);
  const observed = {
    path,
    provider: own.kind === 'given' ? own.credentials.provider : '',
    ...(node.name === undefined ? {} : { name: node.name }),
  };
  return [
    // Each try below is an attempt of its own.
    ...(policy === undefined ? [] : [retry(policy, { path, picksAgain: false }, runtime)]),
    // Only calls really made are reported.
    observe(observed, runtime),
    // Innermost: each try has the whole time.
    timeout(inherited, runtime.clock),
  ];
}
