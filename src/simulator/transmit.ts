import type { ServerResponse } from 'node:http';
import type { Clock } from '../core/runtime.ts';
import type { Transmission } from './transmission.ts';

/** Sends a transmission at once and then in its time; stops when the client leaves. */
export function transmit(response: ServerResponse, transmission: Transmission, clock: Clock): void {
  const { status, headers, pieces, ending } = transmission;
  response.writeHead(status, headers as string[]);
  const [first] = pieces;
  if (ending === 'end' && pieces.length <= 1 && (first?.atMs ?? 0) === 0) {
    response.end(first?.bytes);
    return;
  }
  response.flushHeaders();
  writeFrom(0, { response, transmission, clock, startedAt: clock.now() });
}

/** Calls `then` after `ms` milliseconds, at once when there are none, and never when the client has left. */
export function later(response: ServerResponse, clock: Clock, ms: number, then: () => void): void {
  if (ms <= 0) {
    then();
    return;
  }
  const cancel = clock.after(ms, () => {
    response.off('close', cancel);
    then();
  });
  response.once('close', cancel);
}

/** Destroys the socket under a response once what was written is out, so that its client sees the connection break. */
export function reset(response: ServerResponse): void {
  response.socket?.destroySoon();
}

interface Sending {
  readonly response: ServerResponse;
  readonly transmission: Transmission;
  readonly clock: Clock;
  readonly startedAt: number;
}

/** Writes every piece whose time has come, then waits for the next. */
function writeFrom(index: number, sending: Sending): void {
  const { response, transmission, clock, startedAt } = sending;
  const elapsedMs = clock.now() - startedAt;
  const { pieces, ending } = transmission;
  let next = index;
  let piece = pieces[next];
  while (piece !== undefined && piece.atMs <= elapsedMs) {
    response.write(piece.bytes);
    next += 1;
    piece = pieces[next];
  }
  if (piece === undefined) finish(response, ending);
  else later(response, clock, piece.atMs - elapsedMs, () => writeFrom(next, sending));
}

function finish(response: ServerResponse, ending: Transmission['ending']): void {
  if (ending === 'end') response.end();
  if (ending === 'reset') reset(response);
}
