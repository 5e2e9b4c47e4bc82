import type { Context, Hono } from 'hono';
import type { Exchange } from '../exchange.ts';
import type { Gateway } from '../gateway.ts';
import type { HostBindings } from '../server-env.ts';

/** What a page of the console finds at a request. */
export interface ConsoleEnv {
  readonly Bindings: ConsoleBindings;
  readonly Variables: {
    /** The visitor signed in; false where nobody needs to. */
    hasSession: boolean;
    /** The navigation. */
    pages: readonly ConsolePage[];
  };
}

/** What the server hands over with a request for the console. */
export interface ConsoleBindings {
  readonly exchange: Exchange;
  readonly address: HostBindings['address'];
}

/** One request for the console. */
export type ConsoleContext = Context<ConsoleEnv>;

/** One part of the console: its place in the navigation and its routes, all of which begin with its path. */
export interface ConsolePage {
  /** Below `/console`: `/logs`. */
  readonly path: string;
  readonly title: string;
  /** Drawn before the title: the `d` of paths in a box of 16 by 16, drawn as lines. */
  readonly icon: readonly string[];
  /** Adds the routes. Whoever reaches them may see and do everything here; what is posted comes from a page of ours. */
  routes(app: Hono<ConsoleEnv>, gateway: Gateway): void;
}

/** Where the console is. */
export const consolePath = '/console';
