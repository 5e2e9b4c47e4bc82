import type { CliIo } from '../io.ts';
import { bar } from '../style.ts';
import type { Call, LoadBounds } from './run-load.ts';

/** Shows on a terminal how far a load test is; says nothing elsewhere. */
export interface ProgressLine {
  count(call: Call): void;
  /** Takes the line away. Also when called again. */
  end(): void;
}

const everyMs = 100;
const width = 30;

/** The line for a test of these bounds. It goes to standard error: the output stays the result alone. */
export function progressLine(bounds: LoadBounds, io: CliIo): ProgressLine {
  if (!io.isTty) return { count: () => undefined, end: () => undefined };
  const startedAt = performance.now();
  let done = 0;
  let failed = 0;
  const show = () => {
    const part = Math.max(
      bounds.requests === undefined ? 0 : done / bounds.requests,
      bounds.durationMs === undefined ? 0 : (performance.now() - startedAt) / bounds.durationMs,
    );
    io.stderr(
      `\r\u001b[K${bar(part, width).padEnd(width, '·')} ${done} done${failed === 0 ? '' : `, ${failed} failed`}`,
    );
  };
  const timer = setInterval(show, everyMs);
  let isShown = true;
  return {
    count({ failure }) {
      done += 1;
      if (failure !== undefined) failed += 1;
    },
    end() {
      clearInterval(timer);
      if (isShown) io.stderr('\r\u001b[K');
      isShown = false;
    },
  };
}
