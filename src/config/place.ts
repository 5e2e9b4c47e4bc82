import type { Handler } from '../core/handler.ts';
import type { Health } from '../core/health.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Child } from '../core/strategy.ts';
import type { Vault } from '../core/vault.ts';
import type { TargetStates } from '../routing/state/target-states.ts';
import type { ClientCache } from './cache-policy.ts';
import type { Config } from './config.ts';
import type { Inherited } from './inherit.ts';
import type { OwnCredentials } from './leaf/credential-source.ts';

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

/** Where in a config the compiler stands. */
export interface Place {
  readonly path: string;
  /** The whole config. */
  readonly root: Config;
  readonly inherited: Inherited;
  /** The nodes above, outermost first: their limits hold for every target below. */
  readonly above: readonly NodeAbove[];
  readonly options: CompileOptions;
  /** Compiles a node that stands at `path` beside the tree of targets, such as who makes embeddings. */
  readonly compileAside: (node: Config, path: string) => Handler;
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
  /** Each child is a last resort itself. */
  readonly waitsBelow: boolean;
}
