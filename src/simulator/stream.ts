import type { Faults, Pace } from './behaviour.ts';
import { eventText, type Framing, type StreamEvent } from './framing.ts';
import type { Ending, Piece } from './transmission.ts';

/** How a stream is sent: its pieces with their times, and how it ends. */
export interface StreamPlan {
  readonly pieces: readonly Piece[];
  readonly ending: Ending;
}

/** Lays out the events of a stream in time, with the faults asked for. `errorEvent` stands where `errorEventAt` says. */
export function planStream(
  events: readonly StreamEvent[],
  behaviour: Faults & Pace,
  framing: Framing,
  errorEvent: () => StreamEvent,
): StreamPlan {
  const faulty = withFaults(events, behaviour, errorEvent);
  const { kept, ending } = shortened(faulty, behaviour);
  const style = { crlf: behaviour.crlf ?? false, comments: behaviour.comments ?? false };
  const time = timetable(behaviour);
  const pieces = kept.map((event, index) => ({ bytes: framing.frame(event, index, style), atMs: time(event) }));
  if (framing.tail !== undefined && kept === faulty) {
    pieces.push({ bytes: framing.tail(kept.length), atMs: pieces.at(-1)?.atMs ?? 0 });
  }
  return { pieces, ending };
}

function withFaults(
  events: readonly StreamEvent[],
  { noDone, errorEventAt, malformedChunkAt }: Faults,
  errorEvent: () => StreamEvent,
): readonly StreamEvent[] {
  const unmarked = noDone || errorEventAt !== undefined;
  let result = unmarked ? events.filter((event) => !event.end) : events;
  if (errorEventAt !== undefined) result = [...result.slice(0, errorEventAt), errorEvent()];
  if (malformedChunkAt === undefined) return result;
  return result.map((event, index) =>
    index === malformedChunkAt ? { ...event, data: half(eventText(event)) } : event,
  );
}

function shortened(
  events: readonly StreamEvent[],
  { reset, cutAfterChunks, stallAfterChunks }: Faults,
): { readonly kept: readonly StreamEvent[]; readonly ending: Ending } {
  const middle = Math.ceil(events.length / 2);
  if (reset === 'in-stream') return { kept: events.slice(0, cutAfterChunks ?? middle), ending: 'reset' };
  if (reset === 'in-body') return { kept: events.slice(0, middle), ending: 'reset' };
  if (stallAfterChunks !== undefined) return { kept: events.slice(0, stallAfterChunks), ending: 'stall' };
  if (cutAfterChunks !== undefined) return { kept: events.slice(0, cutAfterChunks), ending: 'end' };
  return { kept: events, ending: 'end' };
}

/** Gives each event its time: the first token after `firstTokenMs`, each further one in its turn, the rest with what went before. */
function timetable({ firstTokenMs = 0, tokensPerSecond = 0 }: Pace): (event: StreamEvent) => number {
  const stepMs = tokensPerSecond > 0 ? 1000 / tokensPerSecond : 0;
  let atMs = 0;
  let nextMs = firstTokenMs;
  return (event) => {
    if (event.token) {
      atMs = nextMs;
      nextMs += stepMs;
    }
    return atMs;
  };
}

function half(text: string): string {
  return text.slice(0, Math.ceil(text.length / 2));
}
