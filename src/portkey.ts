import { type ClientLogs, clientLogs } from './config/client-logs.ts';
import type { PortkeyOptions } from './config/client-options.ts';
import { createEventHub, type EventHub } from './core/event-hub.ts';
import type { EventListener, EventName } from './core/events.ts';
import { type Audio, audio } from './resources/audio.ts';
import { type Batches, batches } from './resources/batches.ts';
import { attachCaller } from './resources/caller-of.ts';
import { type Chat, chat } from './resources/chat.ts';
import { completions, type TextCompletions } from './resources/completions.ts';
import { createCaller } from './resources/create-caller.ts';
import { createRuntime } from './resources/create-runtime.ts';
import { type Embeddings, embeddings } from './resources/embeddings.ts';
import { type Feedback, gatewayFeedback, localFeedback } from './resources/feedback.ts';
import { type Files, files } from './resources/files.ts';
import { type Images, images } from './resources/images.ts';
import { type Jobs, jobs } from './resources/jobs.ts';
import { gatewayLogs, type Logs, localLogs } from './resources/logs.ts';
import { type Messages, messages } from './resources/messages.ts';
import { type Models, models } from './resources/models.ts';
import { type Moderations, moderations } from './resources/moderations.ts';
import { type Raw, raw } from './resources/raw.ts';
import { type Responses, responses } from './resources/responses.ts';
import type { TargetSnapshot } from './routing/state/target-state.ts';
import { memoryJobs } from './stores/jobs/memory-jobs.ts';

/**
 * A client with the OpenAI signature that routes every call through a config: in this process, or through the gateway at
 * `baseURL`. All options are checked here; what is wrong with them or the config is one `ConfigError` that lists everything.
 */
export class Portkey {
  readonly chat: Chat;
  readonly completions: TextCompletions;
  readonly embeddings: Embeddings;
  readonly responses: Responses;
  readonly messages: Messages;
  readonly images: Images;
  readonly audio: Audio;
  readonly moderations: Moderations;
  readonly models: Models;
  readonly files: Files;
  readonly batches: Batches;
  readonly logs: Logs;
  readonly feedback: Feedback;
  /** Calls that are made when there is room for them. */
  readonly jobs: Jobs;
  /** Asks the provider at a path of its own; so do `put`, `get` and `delete`. */
  readonly post: Raw['post'];
  readonly put: Raw['put'];
  readonly get: Raw['get'];
  readonly delete: Raw['delete'];
  readonly #events: EventHub;
  readonly #logs: ClientLogs | undefined;
  readonly #targets: () => readonly TargetSnapshot[];
  readonly #close: () => Promise<void>;

  constructor(options: PortkeyOptions = {}) {
    this.#events = createEventHub();
    const runtime = createRuntime(options, this.#events);
    const caller = createCaller(options, runtime);
    attachCaller(this, caller);
    this.chat = chat(caller);
    this.completions = completions(caller);
    this.embeddings = embeddings(caller);
    this.responses = responses(caller);
    this.messages = messages(caller);
    this.images = images(caller);
    this.audio = audio(caller);
    this.moderations = moderations(caller);
    this.models = models(caller);
    this.files = files(caller);
    this.batches = batches(caller);
    this.jobs = jobs(caller, options.jobs ?? memoryJobs({ clock: runtime.clock }), runtime);
    const { post, put, get, delete: remove } = raw(caller);
    this.post = post;
    this.put = put;
    this.get = get;
    this.delete = remove;
    this.#logs = caller.logs === undefined ? undefined : clientLogs(caller.logs, runtime.clock, this.#events);
    this.logs = caller.isGateway ? gatewayLogs(caller) : localLogs(this.#logs, runtime);
    this.feedback = caller.isGateway ? gatewayFeedback(caller) : localFeedback(this.#logs, runtime);
    this.#targets = caller.targets;
    this.#close = caller.close;
  }

  /** Calls `listener` for every event of this name; what it throws harms nobody. Returns the client. */
  on<Name extends EventName>(name: Name, listener: EventListener<Name>): this {
    this.#events.on(name, listener);
    return this;
  }

  /** Takes a listener away. Returns the client. */
  off<Name extends EventName>(name: Name, listener: EventListener<Name>): this {
    this.#events.off(name, listener);
    return this;
  }

  /** Resolves when the records of all calls that have ended are with their store. Never rejects. */
  async flush(): Promise<void> {
    await this.#logs?.flush();
  }

  /** How the targets are doing now, as plain data, one entry per target identity. Empty behind a gateway, which keeps its own. */
  state(): readonly TargetSnapshot[] {
    return this.#targets();
  }

  /** Ends what runs beside the calls, such as health checks. Calls still work; those under way are not disturbed. Once is enough. */
  close(): Promise<void> {
    return this.#close();
  }

  /** `await using portkey = new Portkey(…)` closes it. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }
}
