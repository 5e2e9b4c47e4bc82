import { type GuardrailError, refusalAt } from '../../core/errors/guardrail-error.ts';
import type { Middleware, ModelRequest } from '../../core/handler.ts';
import type { HookResult } from '../../core/hooks.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Reply } from '../../core/reply.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { TargetState } from '../state/target-state.ts';
import { guardStream } from './guard/guard-stream.ts';
import type { Hook } from './guard/hook.ts';
import { type HookRun, runHooks } from './guard/run-hooks.ts';
import type { Scene } from './guard/scene.ts';
import { type Results, toHookResults, withResults } from './guard/verdict-reply.ts';

/** Hooks of one place in a config, and what they said of requests under way. Shared by all targets that inherit them. */
export interface HookList {
  readonly hooks: readonly Hook[];
  /** By the attempts of a request, which are one list from its beginning to its end; then by the body. */
  readonly memo: WeakMap<object, Map<JsonObject, Promise<HookRun>>>;
}

/** What a target's requests and replies have to pass. */
export interface GuardPolicy {
  readonly before: HookList;
  readonly after: HookList;
  /** The body as the target will be asked: the same object for the same request. */
  readonly bodyOf: (request: ModelRequest) => JsonObject;
  /** Nothing beyond OpenAI's format is added to replies; the call's own word beats this. */
  readonly strict: boolean | undefined;
}

/** What is guarded. */
export interface GuardedTarget {
  readonly path: string;
  readonly name?: string | undefined;
  readonly state: TargetState;
}

/**
 * Runs input hooks before anything is sent or reserved, output hooks on what comes back. A refusal rejects with `GuardrailError` (446); a
 * guardrail that failed without refusing makes the status 246. What input hooks said of a body holds for all tries and targets of a
 * request that have the same hooks and body.
 */
export function guard(policy: GuardPolicy, target: GuardedTarget, runtime: Runtime): Middleware {
  const { before, after, bodyOf } = policy;
  return (next) => async (request, context) => {
    const body = bodyOf(request);
    const scene: Scene = {
      stage: 'input',
      endpoint: request.endpoint,
      path: target.path,
      request: body,
      mayChange: 'all',
      context,
      runtime,
    };
    const input = before.hooks.length === 0 ? undefined : await remembered(before, scene);
    const results = input?.results ?? [];
    if (input?.isDenied === true) throw refusal(target, scene, [results, []]);
    const asked = input?.scene.request ?? body;
    // The leaf makes the target's body of the caller's itself; of a changed one it makes the same.
    const reply = await next(asked === body ? request : { ...request, body: asked }, context);
    const isStrict = context.call.strictOpenAiCompliance ?? policy.strict ?? false;
    const output: Scene = { ...scene, stage: 'output', request: asked };
    return guardReply(reply, { scene: output, before: results, after: after.hooks, isStrict, target });
  };
}

function remembered({ hooks, memo }: HookList, scene: Scene): Promise<HookRun> {
  const { attempts } = scene.context;
  const runs = memo.get(attempts) ?? new Map<JsonObject, Promise<HookRun>>();
  memo.set(attempts, runs);
  const known = runs.get(scene.request);
  if (known !== undefined) return known;
  const run = runHooks(hooks, scene);
  runs.set(scene.request, run);
  // It was cut short by a time limit that others may not be under.
  run.catch(() => runs.delete(scene.request));
  return run;
}

/** A reply on its way through the output hooks. */
interface Passage {
  readonly scene: Scene;
  /** What the input hooks said. */
  readonly before: readonly HookResult[];
  readonly after: readonly Hook[];
  readonly isStrict: boolean;
  readonly target: GuardedTarget;
}

async function guardReply(reply: Reply, passage: Passage): Promise<Reply> {
  const { before, after, scene, target } = passage;
  const { body } = reply;
  if (after.length === 0 && before.length === 0) return reply;
  if (body.kind === 'stream')
    return guardStream(reply, body.chunks, passage, (results) => refusal(target, scene, results));
  if (body.kind === 'bytes' || after.length === 0) return withResults(reply, [before, []], passage.isStrict);
  const run = await runHooks(after, { ...scene, reply: body.value });
  if (run.isDenied) throw refusal(target, scene, [before, run.results]);
  const value = run.scene.reply ?? body.value;
  return withResults({ ...reply, body: { kind: 'json', value } }, [before, run.results], passage.isStrict);
}

function refusal({ path, name, state }: GuardedTarget, { stage }: Scene, results: Results): GuardrailError {
  const error = refusalAt(path, stage, toHookResults(results));
  error.target = { path, targetId: state.id, provider: state.provider, ...(name === undefined ? {} : { name }) };
  return error;
}
