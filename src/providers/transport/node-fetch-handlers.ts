import { Exchange } from './node-fetch-exchange.ts';
import { joinHeaders, parseRawHeaders } from './node-fetch-headers.ts';

/**
 * The callbacks undici 6 and 7 (Node 22 and 24) call. Source: undici documentation 6.x, "Dispatcher", parameter `DispatchHandler`.
 * Undici 7 also takes the callbacks below, but through a wrapper that every request would pay for.
 */
export class CallbackExchange extends Exchange {
  onConnect(abort: () => void): void {
    this.connected(abort);
  }

  onHeaders(status: number, rawHeaders: readonly Uint8Array[], resume: () => void): boolean {
    if (status >= 200) this.begin(status, parseRawHeaders(rawHeaders), resume);
    return true;
  }

  onData(chunk: Uint8Array): boolean {
    return this.receive(chunk);
  }

  onComplete(): void {
    this.complete();
  }

  onError(error: unknown): void {
    this.fail(error);
  }
}

/** The callbacks undici 8 (Node 26) calls. Source: undici documentation 8.x, "Dispatcher", parameter `DispatchHandler`. */
export class ControllerExchange extends Exchange {
  onRequestStart(controller: DispatchController): void {
    this.connected(() => controller.abort(undefined));
  }

  onResponseStart(controller: DispatchController, status: number, headers: ParsedHeaders): void {
    if (status >= 200) this.begin(status, joinHeaders(headers), () => controller.resume());
  }

  onResponseData(controller: DispatchController, chunk: Uint8Array): void {
    if (!this.receive(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    this.complete();
  }

  onResponseError(_controller: DispatchController, error: unknown): void {
    this.fail(error);
  }
}

/** Undici's hold on one running request. */
interface DispatchController {
  abort(reason: unknown): void;
  pause(): void;
  resume(): void;
}

/** Headers as undici parses them: lower-case names, several values of one name as a list. */
type ParsedHeaders = Readonly<Record<string, string | readonly string[]>>;
