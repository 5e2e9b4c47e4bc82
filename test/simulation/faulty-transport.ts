import { APIConnectionError } from '../../src/core/errors/connection-errors.ts';
import type { ByteSink, Flow, HttpBody, HttpRequest, HttpResponse, Transport } from '../../src/core/transport.ts';
import type { Outcome } from './faults.ts';
import { usageOf } from './target-facts.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A call as it reached the network. */
export interface WireCall {
  /** The target's host name. */
  readonly host: string;
  /** The key it was called with. */
  readonly key: string;
  readonly at: number;
  /** What the caller wrote into the message: comes back in the reply, so that mixed-up replies are found. */
  readonly question: string;
  readonly outcome: Outcome;
}

/** A network of providers that fail as told, and keeps books of its sockets. */
export interface FaultyTransport extends Transport {
  /** Sockets open now. */
  readonly open: number;
}

const encoder = new TextEncoder();

/** Answers each call as `outcomeOf` says. Every call is reported before anything comes of it. */
export function faultyTransport(
  time: VirtualTime,
  outcomeOf: (host: string) => Outcome,
  onCall: (call: WireCall) => void,
): FaultyTransport {
  let open = 0;
  return {
    get open() {
      return open;
    },
    send(request, signal) {
      const { host, key, question, streamed } = read(request);
      const outcome = outcomeOf(host);
      onCall({ host, key, at: time.now(), question, outcome });
      open++;
      let isOpen = true;
      const close = () => {
        if (!isOpen) return;
        isOpen = false;
        open--;
      };
      return respond({ time, signal, close, question, streamed }, outcome);
    },
  };
}

interface Exchange {
  readonly time: VirtualTime;
  readonly signal: AbortSignal;
  close(): void;
  readonly question: string;
  readonly streamed: boolean;
}

function read({ url, headers, body }: HttpRequest) {
  const { messages, stream } = JSON.parse(String(body)) as { messages: { content: string }[]; stream?: boolean };
  const key = headers['authorization']?.replace('Bearer ', '') ?? '';
  return { host: new URL(url).hostname, key, question: messages[0]?.content ?? '', streamed: stream === true };
}

function respond(exchange: Exchange, outcome: Outcome): Promise<HttpResponse> {
  const { time, signal, close } = exchange;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      close();
      return reject(signal.reason);
    }
    const onAbort = () => {
      cancel();
      close();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const cancel = outcome.kind === 'silent' ? () => undefined : time.after(outcome.afterMs, arrived);
    function arrived(): void {
      signal.removeEventListener('abort', onAbort);
      if (outcome.kind === 'silent') return;
      if (outcome.kind === 'refused') {
        close();
        reject(new APIConnectionError('connect ECONNREFUSED'));
      } else {
        resolve(responseOf(exchange, outcome));
      }
    }
  });
}

function responseOf(exchange: Exchange, outcome: Exclude<Outcome, { kind: 'silent' | 'refused' }>): HttpResponse {
  if (outcome.kind === 'status') {
    const text = JSON.stringify({ error: { message: `failed with ${outcome.status}`, type: 'x', code: null } });
    return {
      status: outcome.status,
      headers: { 'content-type': 'application/json', ...outcome.headers },
      body: bodyOf(exchange, [[0, text]], 'end'),
    };
  }
  if (outcome.kind === 'garbage')
    return { status: 200, headers: { 'content-type': 'text/html' }, body: bodyOf(exchange, [[0, '<html>']], 'end') };
  const type = exchange.streamed ? 'text/event-stream' : 'application/json';
  return { status: 200, headers: { 'content-type': type }, body: bodyOf(exchange, ...piecesOf(exchange, outcome)) };
}

/** What is sent and when (milliseconds after the piece before), and how it ends. */
type Pieces = readonly (readonly [afterMs: number, text: string])[];
type Ending = 'end' | 'reset' | 'never';

function piecesOf(
  { question, streamed }: Exchange,
  outcome: Extract<Outcome, { kind: 'answer' | 'cut' | 'stall' }>,
): [Pieces, Ending] {
  const spacing = outcome.kind === 'answer' ? outcome.chunkMs : 10;
  const texts = streamed ? events(question, outcome.chunks) : [whole(question)];
  const pieces = texts.map((text) => [spacing, text] as const);
  if (outcome.kind === 'answer') return [streamed ? [...pieces, [spacing, ending(question)]] : pieces, 'end'];
  if (outcome.kind === 'stall') return [streamed ? pieces : [], 'never'];
  if (!streamed) return [[[spacing, whole(question).slice(0, 20)]], outcome.by === 'reset' ? 'reset' : 'end'];
  if (outcome.by === 'event')
    return [[...pieces, [spacing, 'data: {"error":{"message":"overloaded","type":"server_error"}}\n\n']], 'end'];
  return [pieces, outcome.by === 'reset' ? 'reset' : 'end'];
}

function bodyOf({ time, signal, close }: Exchange, pieces: Pieces, ending: Ending): HttpBody {
  function flow(sink: ByteSink): Flow {
    let position = 0;
    let isPaused = false;
    let isOver = false;
    let cancelTimer = () => undefined as unknown;
    const over = (tell?: () => void) => {
      if (isOver) return;
      isOver = true;
      cancelTimer();
      signal.removeEventListener('abort', onAbort);
      close();
      tell?.();
    };
    const onAbort = () => over(() => sink.error(signal.reason));
    function next(): void {
      const piece = pieces[position];
      if (isOver || isPaused) return;
      if (piece !== undefined) cancelTimer = time.after(piece[0], send);
      else if (ending === 'end') over(() => sink.end());
      else if (ending === 'reset') over(() => sink.error(new APIConnectionError('read ECONNRESET')));
    }
    function send(): void {
      const piece = pieces[position++];
      if (piece !== undefined) sink.data(encoder.encode(piece[1]));
      next();
    }
    if (signal.aborted) {
      // As a real body does: the reader is told in a turn of its own.
      queueMicrotask(onAbort);
      return { pause: () => undefined, resume: () => undefined, cancel: () => over() };
    }
    signal.addEventListener('abort', onAbort, { once: true });
    next();
    return {
      pause() {
        isPaused = true;
        cancelTimer();
      },
      resume() {
        if (!isPaused) return;
        isPaused = false;
        next();
      },
      cancel: () => over(),
    };
  }
  const bytes = () =>
    new Promise<Uint8Array>((resolve, reject) => {
      let text = '';
      const decoder = new TextDecoder();
      flow({
        data: (chunk) => {
          text += decoder.decode(chunk, { stream: true });
        },
        end: () => resolve(encoder.encode(text)),
        error: reject,
      });
    });
  return { flow, bytes, text: async () => new TextDecoder().decode(await bytes()), cancel: close };
}

function whole(question: string): string {
  const message = { role: 'assistant', content: `echo ${question}` };
  return JSON.stringify({
    id: '1',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage: wireUsage(question),
  });
}

function events(question: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    event({ ...(index === 0 ? { role: 'assistant' } : {}), content: `echo ${question} ` }, null),
  );
}

function ending(question: string): string {
  const last = event({}, 'stop', { usage: wireUsage(question) });
  return `${event({ content: `end ${question}` }, null)}${last}data: [DONE]\n\n`;
}

function wireUsage(question: string) {
  const { prompt, completion } = usageOf(question);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

function event(delta: object, finishReason: string | null, more: object = {}): string {
  const chunk = {
    id: '1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
    ...more,
  };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}
