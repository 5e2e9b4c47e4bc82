import { customAlphabet, nanoid } from 'nanoid';
import type { PortkeyOptions } from './config/client-options.ts';
import { createEventHub, type EventHub } from './core/event-hub.ts';
import type { EventListener, EventName } from './core/events.ts';
import { type Runtime, systemClock } from './core/runtime.ts';
import { createTransport } from './providers/transport/http.ts';
import { type Chat, chat } from './resources/chat.ts';
import { createCaller } from './resources/create-caller.ts';
import { type Models, models } from './resources/models.ts';

const hexDigits32 = customAlphabet('0123456789abcdef', 32);

/**
 * A client with the OpenAI signature that routes every call through a config: in this process, or through the gateway at
 * `baseURL`. All options are checked here; what is wrong with them or the config is one `ConfigError` that lists everything.
 */
export class Portkey {
  readonly chat: Chat;
  readonly models: Models;
  readonly #events: EventHub;

  constructor(options: PortkeyOptions = {}) {
    this.#events = createEventHub();
    const caller = createCaller(options, toRuntime(options, this.#events));
    this.chat = chat(caller);
    this.models = models(caller);
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
}

function toRuntime({ clock, random, fetch }: PortkeyOptions, events: EventHub): Runtime {
  return {
    clock: clock ?? systemClock,
    random: random ?? Math.random,
    requestId: () => nanoid(),
    traceId: () => hexDigits32(),
    transport: createTransport(fetch === undefined ? {} : { fetch }),
    events,
  };
}
