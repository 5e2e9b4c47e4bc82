/** A request as it reached the simulator. `status` and `aborted` change as the exchange goes on. */
export interface RecordedRequest {
  readonly provider: string;
  readonly method: string;
  /** Below the provider's prefix, with the query: `/v1/chat/completions`. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** JSON parsed; form fields by name, files as `{filename, type, size}`; the text where it is neither; undefined when empty. */
  readonly body: unknown;
  /** The key sent, wherever the provider expects it. */
  readonly key: string | undefined;
  readonly model: string | undefined;
  readonly stream: boolean;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Status answered; undefined while none was. */
  readonly status: number | undefined;
  /** The client closed the connection before the reply was complete. */
  readonly aborted: boolean;
}

/** The latest requests of one provider. */
export interface Recording {
  add(request: RecordedRequest): void;
  list(): readonly RecordedRequest[];
  clear(): void;
}

/** Keeps the latest `limit` requests. */
export function recording(limit: number): Recording {
  let kept: RecordedRequest[] = [];
  return {
    add(request) {
      kept.push(request);
      // Trimmed in halves, so that the cost per request stays constant.
      if (kept.length >= 2 * limit) kept = kept.slice(kept.length - limit);
    },
    list: () => kept.slice(-limit || kept.length),
    clear() {
      kept = [];
    },
  };
}
