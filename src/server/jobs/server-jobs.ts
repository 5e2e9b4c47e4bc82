import type { JsonObject } from '../../core/json.ts';
import type { Caller } from '../../resources/caller.ts';
import { type Jobs, jobs } from '../../resources/jobs.ts';
import { memoryJobs } from '../../stores/jobs/memory-jobs.ts';
import type { Gateway } from '../gateway.ts';
import { checkUsable } from '../keys/key-admission.ts';
import { denied } from '../keys/key-errors.ts';
import { readyCall } from '../routes/model-call.ts';
import { askerOf, type JobAsker } from './asker-params.ts';

/** The jobs of a server: calls like those that come over HTTP, with the limits of whoever asked. */
export function serverJobs(gateway: Pick<Gateway, 'settings' | 'runtime'> & { readonly self: () => Gateway }): Jobs {
  const { settings, runtime, self } = gateway;
  const caller: Pick<Caller, 'call'> = {
    async call(request, params, options) {
      const asker = withKey(askerOf(params as JsonObject), self());
      const signal = options?.signal ?? new AbortController().signal;
      const { request: sent, send } = await readyCall({ asker, request, signal, priority: params?.priority }, self());
      return send(sent);
    },
  };
  return jobs(caller, settings.client.jobs ?? memoryJobs({ clock: runtime.clock }), runtime);
}

/** A key may have been deleted, or its time be over, while the job waited. */
function withKey({ hash, ...asker }: JobAsker, { issuedKeys, runtime }: Gateway): JobAsker {
  if (hash === undefined) return { ...asker, hash };
  const issued = issuedKeys.all.get(hash);
  if (issued === undefined || asker.owner === undefined) throw denied('The key of this job is no more.', null);
  checkUsable(issued, runtime.clock.now());
  return { ...asker, hash, owner: { ...asker.owner, issued } };
}
