import type { Middleware } from '../../core/handler.ts';
import type { Health } from '../../core/health.ts';
import { waitingRoom } from '../../routing/middleware/index.ts';
import { defaultAllOpen } from '../health/cooldown-settings.ts';
import type { Place } from '../place.ts';
import { isOn, toQueuePolicy } from './queue-policy.ts';

/**
 * Where the requests of a node wait, if they wait there: where nothing else could answer in the meantime, or a queue is written, and only
 * once on the way. Limits are waited for where a `queue` holds or a limit says so; cooldowns always.
 */
export function roomFor(place: Place, health: Health, waitsBelow: boolean): readonly Middleware[] {
  const { path, inherited, options, isLastResort, hasQueue } = place;
  if (waitsBelow || !(isLastResort || hasQueue) || !health.isGuarded) return [];
  const queue = inherited.queue ?? (health.isQueued ? toQueuePolicy({}) : undefined);
  const room = {
    path,
    health,
    states: options.states,
    allOpen: inherited.cooldown?.allOpen ?? defaultAllOpen,
    queue: isOn(queue) ? queue : undefined,
    // Where a queue is written requests wait before anybody else is asked.
    isPassable: !hasQueue,
  };
  return [waitingRoom(room, options.runtime)];
}
