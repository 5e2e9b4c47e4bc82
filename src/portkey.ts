import { type ClientLogs, clientLogs } from './config/client-logs.ts';
import type { PortkeyOptions } from './config/client-options.ts';
import type { TargetSwitch } from './config/health/target-switch.ts';
import { createEventHub, type EventHub } from './core/event-hub.ts';
import type { EventListener, EventName } from './core/events.ts';
import { type Audio, audio } from './resources/audio.ts';
import { type Batches, batches } from './resources/batches.ts';
import { attachCaller } from './resources/caller-of.ts';
import { type Chat, chat } from './resources/chat.ts';
import { completions, type TextCompletions } from './resources/completions.ts';
import type { Configs } from './resources/configs.ts';
import { createCaller } from './resources/create-caller.ts';
import { createRuntime } from './resources/create-runtime.ts';
import { type Embeddings, embeddings } from './resources/embeddings.ts';
import type { Feedback } from './resources/feedback.ts';
import { type Files, files } from './resources/files.ts';
import { type Images, images } from './resources/images.ts';
import type { Jobs } from './resources/jobs.ts';
import {
  lazyConfigs,
  lazyFeedback,
  lazyJobs,
  lazyLogs,
  lazyPrompts,
  lazyVirtualKeys,
} from './resources/lazy-resources.ts';
import type { Logs } from './resources/logs.ts';
import { type Messages, messages } from './resources/messages.ts';
import { type Models, models } from './resources/models.ts';
import { type Moderations, moderations } from './resources/moderations.ts';
import type { Prompts } from './resources/prompts/prompt-types.ts';
import { type Raw, raw } from './resources/raw.ts';
import { type Responses, responses } from './resources/responses.ts';
import type { VirtualKeys } from './resources/virtual-keys.ts';
import type { TargetSnapshot } from './routing/state/target-state.ts';

/**
 * A client with the OpenAI signature that routes every call through a config: in this process, or through the gateway at
 * `baseURL`. All options are checked here; what is wrong with them or the config is one `ConfigError` that lists everything.
 */
export class Portkey {
  /** `chat.completions`: `create`, `parse`, `stream`, `runTools`, as in the `openai` package. */
  readonly chat: Chat;
  /** Completions of plain text, the older endpoint. */
  readonly completions: TextCompletions;
  /** Embeddings of texts. */
  readonly embeddings: Embeddings;
  /** OpenAI's Responses; translated to chat where a provider has none. */
  readonly responses: Responses;
  /** Anthropic's Messages, over any target. */
  readonly messages: Messages;
  /** Makes and edits images. */
  readonly images: Images;
  /** Speech, transcriptions and translations. */
  readonly audio: Audio;
  /** Says whether texts break a policy. */
  readonly moderations: Moderations;
  /** The models of the config, or of a provider. */
  readonly models: Models;
  /** Files kept by a provider. */
  readonly files: Files;
  /** Batches that a provider works off. */
  readonly batches: Batches;
  /** Configs by ID, in versions: make, read, change, restore. */
  readonly configs: Configs;
  /** Virtual keys by slug, of a vault file. */
  readonly virtualKeys: VirtualKeys;
  /** Prompts by ID, in versions: render, complete, keep. */
  readonly prompts: Prompts;
  /** Records of calls: list, read, export, import. */
  readonly logs: Logs;
  /** Judgements of calls, by trace ID. */
  readonly feedback: Feedback;
  /** Calls that are made when there is room for them. */
  readonly jobs: Jobs;
  /** Asks the provider at a path of its own; so do `put`, `get` and `delete`. */
  readonly post: Raw['post'];
  readonly put: Raw['put'];
  readonly get: Raw['get'];
  readonly delete: Raw['delete'];
  /** Takes targets out of use by hand, and puts them back; `state()` says how they are doing. */
  readonly targets: TargetSwitch;
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
    this.jobs = lazyJobs(caller, options.jobs, runtime);
    const { post, put, get, delete: remove } = raw(caller);
    this.post = post;
    this.put = put;
    this.get = get;
    this.delete = remove;
    this.configs = lazyConfigs(caller);
    this.virtualKeys = lazyVirtualKeys(caller, runtime);
    this.prompts = lazyPrompts(caller, runtime);
    this.#logs = caller.logs === undefined ? undefined : clientLogs(caller.logs, runtime.clock, this.#events);
    this.logs = lazyLogs(caller, this.#logs, runtime);
    this.feedback = lazyFeedback(caller, this.#logs, runtime);
    this.targets = caller.targetSwitch;
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

  /**
   * Ends what runs beside the calls, such as health checks, and writes the logs out. Calls still work, but are not logged any more; those
   * under way are not disturbed. Once is enough.
   */
  async close(): Promise<void> {
    await Promise.all([this.#close(), this.#logs?.close()]);
  }

  /** `await using portkey = new Portkey(…)` closes it. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
