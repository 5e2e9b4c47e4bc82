import type { Hono } from 'hono';
import type { Gateway } from '../gateway.ts';
import type { ServerEnv } from '../server-env.ts';

/** Routes that belong together, added to a server. Groups are asked in the order of their list; the first route that matches answers. */
export type RouteGroup = (app: Hono<ServerEnv>, gateway: Gateway) => void;
