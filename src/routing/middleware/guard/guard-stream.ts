import { textOf } from '../../../core/content.ts';
import type { Endpoint } from '../../../core/endpoint.ts';
import type { GuardrailError } from '../../../core/errors/guardrail-error.ts';
import type { PortkeyError } from '../../../core/errors/portkey-error.ts';
import type { HookResult } from '../../../core/hooks.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ChunkStream, Reply } from '../../../core/reply.ts';
import { outputTexts } from '../../guardrails/texts/output-texts.ts';
import { keyOfPlace, withStreamTexts } from '../../guardrails/texts/stream-texts.ts';
import { wholeOfStream } from '../../guardrails/texts/whole-of-stream.ts';
import { replay } from '../streams/replay.ts';
import { through } from '../streams/through.ts';
import type { Hook } from './hook.ts';
import { type HookRun, runHooks } from './run-hooks.ts';
import type { Scene } from './scene.ts';
import { type Results, statusFor, toHookResults } from './verdict-reply.ts';

/** A stream on its way through the output hooks. */
export interface StreamPassage {
  readonly scene: Scene;
  readonly before: readonly HookResult[];
  readonly after: readonly Hook[];
  readonly isStrict: boolean;
}

/** Characters of text, and a little for each chunk, up to which a stream is kept. */
const mostKept = 16 * 1024 * 1024;
const chunkCost = 64;

/**
 * The stream as its reader may have it. Where a hook says `hold`, nothing is handed out before all of it has come and passed: a refusal
 * rejects, so that a retry or fallback goes on, and the rest is replayed. Else chunks pass as they come; a refusal at the end reaches the
 * reader as an error, other verdicts as a last chunk.
 */
export function guardStream(
  reply: Reply,
  source: ChunkStream,
  passage: StreamPassage,
  refusal: (results: Results) => GuardrailError,
): Promise<Reply> | Reply {
  const isHeld = passage.after.some((hook) => !hook.async && hook.stream === 'hold');
  return isHeld ? hold(reply, source, passage, refusal) : flow(reply, source, passage, refusal);
}

async function hold(
  reply: Reply,
  source: ChunkStream,
  passage: StreamPassage,
  refusal: (results: Results) => GuardrailError,
): Promise<Reply> {
  const { scene, before, isStrict } = passage;
  const { endpoint } = scene;
  const kept = keeper();
  for (let read = await source.next(); !read.done && kept.add(read.value); read = await source.next());
  const run = await runOn(kept, { ...scene, mayChange: 'texts' }, passage.after);
  if (run.isDenied || kept.isTooLong()) source.return().catch(() => undefined);
  if (run.isDenied) throw refusal([before, run.results]);
  const results: Results = [before, run.results];
  const told = toHookResults(results);
  const chunks = changed(endpoint, kept.chunks(), run.scene.reply);
  const shown = isStrict ? chunks : [...withFirst(chunks, before), ...lastChunk(endpoint, chunks.at(-1), results)];
  return {
    ...reply,
    body: { kind: 'stream', chunks: replay(shown) },
    status: statusFor(reply.status, results),
    hookResults: () => told,
  };
}

function flow(
  reply: Reply,
  source: ChunkStream,
  { scene, before, after, isStrict }: StreamPassage,
  refusal: (results: Results) => GuardrailError,
): Reply {
  const kept = keeper();
  let results: Results = [before, []];
  let isFirst = true;
  const passed = through(reply, source, {
    each(chunk) {
      if (after.length > 0) kept.add(chunk);
      const shown = isFirst && !isStrict ? withFirst([chunk], before)[0] : undefined;
      isFirst = false;
      return shown ?? chunk;
    },
    async atEnd() {
      if (after.length === 0) return undefined;
      const run = await runOn(kept, { ...scene, mayChange: 'nothing' }, after);
      results = [before, run.results];
      if (run.isDenied) throw told(refusal(results), kept, scene);
      return isStrict || run.results.length === 0
        ? undefined
        : lastChunk(scene.endpoint, kept.chunks().at(-1), results)[0];
    },
  });
  return { ...passed, status: statusFor(reply.status, results), hookResults: () => toHookResults(results) };
}

/** The chunks so far. */
interface Keeper {
  /** False when they become too many; then they are no longer kept. */
  add(chunk: JsonObject): boolean;
  chunks(): readonly JsonObject[];
  count(): number;
  isTooLong(): boolean;
}

function keeper(): Keeper {
  const chunks: JsonObject[] = [];
  let size = 0;
  let count = 0;
  return {
    add(chunk) {
      count++;
      size += textOf(chunk).length + chunkCost;
      if (size > mostKept) return false;
      chunks.push(chunk);
      return true;
    },
    chunks: () => chunks,
    count: () => count,
    isTooLong: () => size > mostKept,
  };
}

function runOn(kept: Keeper, scene: Scene, hooks: readonly Hook[]): Promise<HookRun> {
  if (kept.isTooLong()) return runHooks(hooks.map(unable), scene);
  return runHooks(hooks, { ...scene, reply: wholeOfStream(scene.endpoint, kept.chunks()) });
}

/** A stream too long to be kept cannot be checked; it is never handed out in part. */
function unable(hook: Hook): Hook {
  const fail = () => {
    throw new RangeError('The stream is too long to be checked.');
  };
  return {
    ...hook,
    ...(hook.stream === 'hold' ? { deny: true, onError: 'deny' } : {}),
    checks: hook.checks.map(({ id }) => ({ id, run: fail })),
  };
}

/** The chunks with the texts that the hooks made of the whole reply. */
function changed(
  endpoint: Endpoint,
  chunks: readonly JsonObject[],
  reply: JsonObject | undefined,
): readonly JsonObject[] {
  const before = outputTexts(endpoint, wholeOfStream(endpoint, chunks)) ?? [];
  const after = reply === undefined ? [] : (outputTexts(endpoint, reply) ?? []);
  const texts = before.flatMap((place, index): [string, string][] => {
    const text = after[index]?.text;
    return place.isCopy === true || text === undefined || text === place.text
      ? []
      : [[keyOfPlace(endpoint, place), text]];
  });
  return texts.length === 0 ? chunks : withStreamTexts(endpoint, chunks, new Map(texts));
}

/** What was said of the request stands on the first chunk, as in Portkey's streams. */
function withFirst(chunks: readonly JsonObject[], before: readonly HookResult[]): readonly JsonObject[] {
  const [first, ...rest] = chunks;
  return first === undefined || before.length === 0
    ? chunks
    : [{ ...first, hook_results: toHookResults([before, []]) }, ...rest];
}

/** What was said of the reply comes after all of it: a chunk without choices, or an event. */
function lastChunk(endpoint: Endpoint, last: JsonObject | undefined, results: Results): readonly JsonObject[] {
  const hook_results = toHookResults(results);
  if (endpoint !== 'chat/completions' && endpoint !== 'completions') return [{ type: 'hook_results', hook_results }];
  const { id, object, created, model } = last ?? {};
  return [{ id, object, created, model, choices: [], hook_results }];
}

/** A failure that goes straight to the reader passes no handler above: it gets its facts here. */
function told(error: GuardrailError, kept: Keeper, { context }: Scene): PortkeyError {
  error.attempts = context.attempts;
  error.traceId = context.traceId;
  error.requestId = context.requestId;
  error.received = { content: kept.chunks().map(textOf).join(''), chunkCount: kept.count() };
  return error;
}
