import type { ClientAdmin } from '../config/client-admin.ts';
import type { CallOptions } from '../config/client-options.ts';
import type { TargetSwitch } from '../config/health/target-switch.ts';
import type { LogOptions } from '../config/log-options.ts';
import type { ModelRequest } from '../core/handler.ts';
import type { Model } from '../core/openai/index.ts';
import type { TargetSnapshot } from '../routing/state/target-state.ts';
import type { ServedReply } from './served-reply.ts';

/** Third argument of every call, as in the `openai` package. */
export interface RequestOptions {
  /** Ends the call: the provider's socket closes at once, nothing further is tried. */
  readonly signal?: AbortSignal | null | undefined;
  /** Headers of the call; those named in `forwardHeaders` reach the provider, `x-portkey-*` are options as `createHeaders` writes them. */
  readonly headers?: Readonly<Record<string, string | null | undefined>> | undefined;
  /** Older name of `headers`. */
  readonly extraHeaders?: Readonly<Record<string, string | null | undefined>> | undefined;
  /** Milliseconds for one attempt until its headers; the same as `requestTimeout`. */
  readonly timeout?: number | undefined;
}

/** What the resources need of the client. */
export interface Caller {
  /** Sends a request through the tree. Bad options reject at once. */
  call(
    request: ModelRequest,
    params: CallOptions | undefined,
    options: RequestOptions | undefined,
  ): Promise<ServedReply>;
  /** Checks options of a call before there is one; under their canonical names, so that others may be laid over them. Throws `ConfigError`. */
  readOptions(params: CallOptions): CallOptions;
  /** The targets a call with these options could reach, in the config's order; behind a gateway, what it lists. */
  models(params: CallOptions | undefined): Promise<readonly Model[]>;
  /** Calls go to a gateway, which keeps configs, keys and logs. */
  readonly isGateway: boolean;
  /** What records of calls to keep; undefined: none here. */
  readonly logs: LogOptions | undefined;
  /** Configs, virtual keys and prompts, to be changed. */
  readonly admin: ClientAdmin;
  /** How the targets compiled so far are doing; empty behind a gateway. */
  targets(): readonly TargetSnapshot[];
  readonly targetSwitch: TargetSwitch;
  /** Ends what runs beside the calls. */
  close(): Promise<void>;
}
