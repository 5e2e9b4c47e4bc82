import type { JobQueue } from '../core/jobs.ts';
import { lazyMember, lazyMethods, lazyPart, loadAhead } from '../core/lazy-part.ts';
import { type OpenedOnce, openOnce } from '../core/open-once.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Caller } from './caller.ts';
import type { Configs } from './configs.ts';
import type { Feedback } from './feedback.ts';
import type { Jobs } from './jobs.ts';
import type { LogAccess } from './log-access.ts';
import { iterable, type LogListPage } from './log-page.ts';
import type { LogListParams } from './log-params.ts';
import type { Logs } from './logs.ts';
import { type PromptRenderer, promptCompletions } from './prompts/prompt-completions.ts';
import type { Prompts } from './prompts/prompt-types.ts';
import type { PromptAdmin } from './prompts/prompts.ts';
import type { VirtualKeys } from './virtual-keys.ts';

// What is kept beside the calls: most clients never ask for it, so it is loaded by the first who does.
const kept = lazyPart('resources', () => import('./kept.ts'));

/** `portkey.configs` */
export function lazyConfigs(caller: Caller): Configs {
  const part = openOnce(async () => {
    const { gatewayConfigs, localConfigs } = await kept.get();
    return caller.isGateway ? gatewayConfigs(caller) : localConfigs(caller.admin.configs);
  });
  return lazyMethods(part, {
    create: true,
    retrieve: true,
    list: true,
    update: true,
    delete: true,
    versions: true,
    restore: true,
    diff: true,
  });
}

/** `portkey.virtualKeys` */
export function lazyVirtualKeys(caller: Caller, { clock }: Runtime): VirtualKeys {
  const part = openOnce(async () => {
    const { gatewayVirtualKeys, localVirtualKeys } = await kept.get();
    return caller.isGateway ? gatewayVirtualKeys(caller) : localVirtualKeys(caller.admin.vault, clock.now);
  });
  return lazyMethods(part, { create: true, list: true, retrieve: true, update: true, rotate: true, delete: true });
}

/** `portkey.prompts` */
export function lazyPrompts(caller: Caller, runtime: Runtime): Prompts {
  const part: OpenedOnce<PromptAdmin & PromptRenderer> = openOnce(async () => {
    const { gatewayPrompts, localPrompts, promptBook } = await kept.get();
    return caller.isGateway ? gatewayPrompts(caller) : localPrompts(promptBook(caller.admin.prompts, runtime));
  });
  return {
    ...lazyMethods(part, {
      create: true,
      retrieve: true,
      list: true,
      update: true,
      publish: true,
      delete: true,
      render: true,
    }),
    versions: lazyMethods(lazyMember(part, 'versions'), { list: true, retrieve: true, update: true }),
    completions: promptCompletions(caller, lazyMethods(part, { toRequest: true })),
  };
}

/** `portkey.logs`; `access` is undefined where the client keeps none. */
export function lazyLogs(caller: Caller, access: LogAccess | undefined, runtime: Runtime): Logs {
  const part = openOnce(async () => {
    const { gatewayLogs, localLogs } = await kept.get();
    return caller.isGateway ? gatewayLogs(caller) : localLogs(access, runtime);
  });
  const page = async (params: LogListParams): Promise<LogListPage> => (await part.get()).list(params);
  return {
    ...lazyMethods(part, { get: true, analytics: true, trace: true, create: true, import: true }),
    list: (params = {}) => iterable(page(params), (after) => page({ ...params, after })),
    async *export(params) {
      yield* (await part.get()).export(params);
    },
    exports: lazyMethods(lazyMember(part, 'exports'), {
      create: true,
      retrieve: true,
      list: true,
      update: true,
      start: true,
      cancel: true,
      download: true,
    }),
  };
}

/** `portkey.feedback`; `access` is undefined where the client keeps no logs. */
export function lazyFeedback(caller: Caller, access: LogAccess | undefined, runtime: Runtime): Feedback {
  const part = openOnce(async () => {
    const { gatewayFeedback, localFeedback } = await kept.get();
    return caller.isGateway ? gatewayFeedback(caller) : localFeedback(access, runtime);
  });
  return lazyMethods(part, { create: true, update: true });
}

/** `portkey.jobs`; without a queue of the user's they wait in memory. A durable queue is started at once: jobs of others may wait in it. */
export function lazyJobs(caller: Caller, queue: JobQueue | undefined, runtime: Runtime): Jobs {
  const part = openOnce(async () => {
    const { jobs, memoryJobs } = await kept.get();
    return jobs(caller, queue ?? memoryJobs({ clock: runtime.clock }), runtime);
  });
  if (queue?.isDurable === true) loadAhead([part]);
  return lazyMethods(part, { submit: true, get: true, cancel: true, close: true });
}
