import type { TargetInfo } from '../../core/attempt.ts';
import type { RequestContext } from '../../core/context.ts';
import type { Endpoint } from '../../core/endpoint.ts';
import type { ModelRequest } from '../../core/handler.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Codec, CodecScope, Dialect } from '../../core/provider.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { Framing } from '../../providers/transport/framing.ts';
import type { Seat, SeatFacts } from './seat.ts';

/** A target, ready to be compiled. */
export interface LeafSpec {
  readonly path: string;
  readonly name: string | undefined;
  readonly seat: SeatFacts;
  readonly overrideParams: JsonObject | undefined;
  readonly defaultParams: JsonObject | undefined;
  readonly dropParams: readonly string[];
  /** Base URL from the target's parents, else from the client's options; the call's own and the target's beat it. */
  readonly inheritedCustomHost: string | undefined;
  readonly forwardHeaders: readonly string[];
  readonly strictOpenAiCompliance: boolean | undefined;
  readonly strictParams: boolean;
}

/** One attempt under way: what each step of it needs to know. */
export interface LeafCall {
  /** With the caller's body after this target's rules, without `@slug/` in its model. */
  readonly request: ModelRequest;
  readonly scope: CodecScope;
  readonly codec: Codec;
  readonly dialect: Dialect;
  readonly framing: Framing;
  /** What is asked of the provider; differs from the request's endpoint where that is bridged. */
  readonly wireEndpoint: Endpoint;
  readonly seat: Seat;
  readonly spec: LeafSpec;
  readonly context: RequestContext;
  readonly runtime: Runtime;
  readonly target: TargetInfo;
}
