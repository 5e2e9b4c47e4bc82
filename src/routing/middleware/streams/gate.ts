/** Holds back whoever wants to pass while it is closed. */
export interface Gate {
  close(this: void): void;
  open(this: void): void;
  passed(this: void): Promise<void>;
}

/** An open gate, for one who passes at a time. */
export function createGate(): Gate {
  let isClosed = false;
  let wake: (() => void) | undefined;
  return {
    close() {
      isClosed = true;
    },
    open() {
      isClosed = false;
      wake?.();
    },
    async passed(): Promise<void> {
      if (!isClosed) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    },
  };
}
