import type { Handler } from '../core/handler.ts';
import type { Health } from '../core/health.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Child } from '../core/strategy.ts';
import type { Vault } from '../core/vault.ts';
import type { AlgorithmName } from '../routing/algorithms/index.ts';
import type { HealthChecks, SharedLink } from '../routing/middleware/index.ts';
import type { AffinityMaps } from '../routing/state/affinity-map.ts';
import type { TargetStates } from '../routing/state/target-states.ts';
import type { ClientCache } from './cache-policy.ts';
import type { Config } from './config.ts';
import type { HookCompiler } from './guard/hook-compiler.ts';
import type { Inherited } from './inherit.ts';
import type { ConfigLabels } from './label-fields.ts';
import type { OwnCredentials } from './leaf/credential-source.ts';
import type { ClientMoney } from './money/client-money.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { KeyRules } from './virtual-keys/key-rules.ts';

/** What a config is compiled with. */
export interface CompileOptions {
  readonly runtime: Runtime;
  readonly vault: Vault;
  /** What the client's own options hand down to every target. */
  readonly inherited: Inherited;
  /** What virtual keys may be used for; absent where none has any limits. */
  readonly keyRules?: KeyRules | undefined;
  /** Base URL from the client's options; targets that name their own keep it. */
  readonly customHost?: string | undefined;
  readonly cache: ClientCache;
  /** Keys of providers in environment variables, by provider name. */
  readonly environment: Vault;
  /** Whom a target asks that does not say. */
  readonly client?: OwnCredentials | undefined;
  readonly hooks: HookCompiler;
  /** Who answered whom, by node. */
  readonly affinities: AffinityMaps;
  readonly checks: HealthChecks;
  /** What the client knows of its targets. */
  readonly states: TargetStates;
  /** What other processes take of the same limits, and know of the same targets; absent where this one is alone. */
  readonly shared?: SharedLink | undefined;
  /** Prices and budgets. */
  readonly money: ClientMoney;
  /** Must be ready before the first call; absent where prompts are judged by their characters. */
  readonly tokenizer?: Tokenizer | undefined;
}

/** Where in a config the compiler stands. */
export interface Place {
  readonly path: string;
  /** The whole config. */
  readonly root: Config;
  readonly inherited: Inherited;
  /** The nodes above, outermost first: their limits hold for every target below. */
  readonly above: readonly NodeAbove[];
  /** A node above picks by cost. */
  readonly isPriced: boolean;
  /** What the labels of the whole config come to. */
  readonly labels: ConfigLabels;
  readonly options: CompileOptions;
  /** Compiles a node that stands at `path` beside the tree of targets, such as who makes embeddings. */
  readonly compileAside: (node: Config, path: string) => Handler;
  /** By what a loadbalance above compares what stands here, where it looks at that at all. */
  readonly compared: Compared | undefined;
  /** A queue is written here, or on a node above that leads here only: requests wait here before anybody else is asked. */
  readonly hasQueue: boolean;
  /** Has no siblings. */
  readonly isLone: boolean;
  /** Nothing above goes on to another child when all of this one cools: waiting, if any, happens here. */
  readonly isLastResort: boolean;
}

/** A node that stands above others. */
export interface NodeAbove {
  readonly path: string;
  readonly node: Config;
}

/** What a loadbalance picks by: an algorithm of its own, or one written in code. */
export type Compared = AlgorithmName | 'function';

/** A node, compiled. */
export interface Compiled {
  readonly handler: Handler;
  readonly health: Health;
}

/** What is known of a compiled node while its stack is made. */
export interface Node {
  readonly health: Health;
  /** Empty for a target. */
  readonly children: readonly Child[];
  /** Requests wait at the children, each for itself. */
  readonly waitsBelow: boolean;
}
