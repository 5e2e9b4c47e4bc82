import type { RequestContext } from '../../../core/context.ts';
import type { Endpoint } from '../../../core/endpoint.ts';
import type { HookStage } from '../../../core/hooks.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Runtime } from '../../../core/runtime.ts';
import type { Change, Subject } from '../../guardrails/check.ts';
import { inputTexts, type MessageChoice } from '../../guardrails/texts/input-texts.ts';
import { outputTexts } from '../../guardrails/texts/output-texts.ts';
import { type TextPlace, withTexts } from '../../guardrails/texts/place.ts';

/** What hooks look at and may change: one request, or one reply. Each change makes a new scene. */
export interface Scene {
  readonly stage: HookStage;
  readonly endpoint: Endpoint;
  /** Where the target stands in the config. */
  readonly path: string;
  readonly request: JsonObject;
  readonly reply?: JsonObject;
  /** What of it can still be changed: of a stream that is held back only the texts, of one that was read nothing. */
  readonly mayChange: 'all' | 'texts' | 'nothing';
  readonly context: RequestContext;
  readonly runtime: Pick<Runtime, 'clock' | 'transport' | 'events'>;
}

/** What a check sees of a scene. */
export function subjectOf(
  { context, runtime: _runtime, mayChange: _mayChange, ...scene }: Scene,
  which: MessageChoice,
): Subject {
  const { metadata, requestId, traceId } = context;
  return { ...scene, places: placesIn(scene, which), metadata, requestId, traceId };
}

function placesIn(
  { stage, endpoint, request, reply }: Pick<Scene, 'stage' | 'endpoint' | 'request' | 'reply'>,
  which: MessageChoice,
): readonly TextPlace[] | undefined {
  if (stage === 'input') return inputTexts(endpoint, request, which);
  return reply === undefined ? undefined : outputTexts(endpoint, reply);
}

/** The scene after a change. Throws where that cannot be done. */
export function changedScene(scene: Scene, change: Change): Scene {
  if (scene.stage === 'input') {
    const request = change.kind === 'body' ? change.body : withTexts(scene.request, change.texts);
    return { ...scene, request };
  }
  const { reply = {}, mayChange } = scene;
  if (mayChange === 'nothing') throw new TypeError('The stream has been read already: set "stream" to "hold".');
  const changed = change.kind === 'body' ? change.body : withTexts(reply, change.texts);
  if (
    mayChange === 'texts' &&
    change.kind === 'body' &&
    outlineOf(scene.endpoint, changed) !== outlineOf(scene.endpoint, reply)
  )
    throw new TypeError('Of a stream only the texts can be changed.');
  return { ...scene, reply: changed };
}

/** All of a reply but its texts. */
function outlineOf(endpoint: Endpoint, reply: JsonObject): string {
  const places = outputTexts(endpoint, reply) ?? [];
  return JSON.stringify(
    withTexts(
      reply,
      places.map(({ path }) => [path, ''] as const),
    ),
  );
}
