import type { CallOptions } from '../config/client-options.ts';
import { holdsSecret } from '../config/holds-secret.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import type { Endpoint } from '../core/endpoint.ts';
import { InvalidRequestError } from '../core/errors/request-errors.ts';
import type { JobQueue, JobSnapshot, SubmittedJob } from '../core/jobs.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Caller } from './caller.ts';
import { jobWork } from './job-work.ts';

/** `portkey.jobs`: calls that are made when there is room, whether their caller stays or not. */
export interface Jobs {
  /**
   * Queues a call; `body` is that of a chat completion unless `options.endpoint` says otherwise. It is tried again while limits refuse it, the
   * provider's or our own, and a few times after faults, until its deadline.
   */
  submit(body: object, params?: CallOptions, options?: JobOptions): Promise<SubmittedJob>;
  /** How a job stands; undefined when there is none, or it finished long ago. */
  get(id: string): Promise<JobSnapshot | undefined>;
  /** Takes a job back; true when that was still possible. */
  cancel(id: string): Promise<boolean>;
  /** Does no further jobs here. Those of a durable queue stay for other processes. */
  close(): Promise<void>;
}

/** Options of one job. */
export interface JobOptions {
  /** Default `chat/completions`. */
  readonly endpoint?: JobEndpoint;
  /**
   * 0 (default) to 1000; lower is done earlier. It is the call's priority too, where its own options name none: in a `queue` of the config a job
   * that has begun lets more urgent ones pass. So many jobs as are done at once may have begun.
   */
  readonly priority?: number;
  /** Milliseconds from now by which the job is done or has failed. Default an hour. */
  readonly timeoutMs?: number;
}

/** Endpoints a job may call: those that answer with a JSON object. */
export type JobEndpoint = (typeof jobEndpoints)[number];

const jobEndpoints = [
  'chat/completions',
  'completions',
  'embeddings',
  'responses',
  'messages',
  'moderations',
  'images/generations',
] as const satisfies readonly Endpoint[];

const defaultTimeoutMs = 3_600_000;
const longestTimeoutMs = 2_147_483_647;
const optionNames = ['endpoint', 'priority', 'timeoutMs'];

/** The jobs of a client. The queue is started at its first use, or at once when it is durable: then jobs of others may wait. */
export function jobs(caller: Pick<Caller, 'call'>, queue: JobQueue, runtime: Runtime): Jobs {
  let isStarted = false;
  const started = () => {
    if (!isStarted)
      queue.start(jobWork(caller, runtime), (message) => runtime.events.emit('warning', { code: 'jobs', message }));
    isStarted = true;
    return queue;
  };
  if (queue.isDurable) started();
  return {
    async submit(body, params = {}, options = {}) {
      checkOptions(options);
      checkBody(body);
      const { endpoint = 'chat/completions', priority = 0, timeoutMs = defaultTimeoutMs } = options;
      const carried = toPlain(withPriority(params, options), queue.isDurable);
      const deadline = runtime.clock.now() + timeoutMs;
      const job = { id: runtime.requestId(), endpoint, priority, deadline, params: carried };
      return started().submit({ ...job, body: structuredClone(body) as JsonObject });
    },
    get: async (id) => started().get(id),
    cancel: async (id) => started().cancel(id),
    close: () => queue.close(),
  };
}

function withPriority(params: CallOptions, { priority }: JobOptions): CallOptions {
  return priority === undefined || params.priority !== undefined ? params : { ...params, priority };
}

function checkOptions(options: JobOptions): void {
  for (const name of Object.keys(options)) {
    if (optionNames.includes(name)) continue;
    const hint = didYouMean(name, optionNames) || ` Valid: ${optionNames.join(', ')}.`;
    throw new InvalidRequestError(name, `Unknown job option "${name}".${hint}`);
  }
  const { endpoint = 'chat/completions', priority = 0, timeoutMs = defaultTimeoutMs } = options;
  if (!jobEndpoints.includes(endpoint))
    throw new InvalidRequestError('endpoint', `A job cannot call "${endpoint}". Valid: ${jobEndpoints.join(', ')}.`);
  if (!Number.isInteger(priority) || priority < 0 || priority > 1000)
    throw new InvalidRequestError('priority', `"priority" is a whole number from 0 to 1000, not ${priority}.`);
  if (!(timeoutMs > 0 && timeoutMs <= longestTimeoutMs))
    throw new InvalidRequestError('timeoutMs', `"timeoutMs" is a number of milliseconds above 0, not ${timeoutMs}.`);
}

function checkBody(body: unknown): void {
  if (!isJsonObject(body)) throw new InvalidRequestError('body', 'A job needs the body of a request, an object.');
  if (body.stream === true)
    throw new InvalidRequestError('stream', 'The result of a job is a whole reply. Leave "stream" out.');
}

/** A copy of the call's options as JSON. What is kept outside this process must hold no secret. */
function toPlain(params: CallOptions, isDurable: boolean): JsonObject {
  if (!isDurable) return { ...params };
  const secret = holdsSecret(params);
  if (secret !== undefined)
    throw new InvalidRequestError(
      secret,
      `"${secret}" would be kept with the job outside this process. Use a virtual key, or the ID of a config.`,
    );
  return JSON.parse(JSON.stringify(params));
}
