import type { Socket } from 'node:net';
import type { Answer } from './wire-server.ts';

/** A chat completion whose content is `hello`. */
export const whole = JSON.stringify({
  id: '1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

/** One chunk of a streamed completion. */
export function chunk(delta: object, finishReason: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  return JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'm', choices });
}

/** Events of a stream that say `hello`, without their end. */
export const beginning: readonly string[] = [
  chunk({ role: 'assistant' }),
  chunk({ content: 'hel' }),
  chunk({ content: 'lo' }),
];
export const ending: readonly string[] = [chunk({}, 'stop'), '[DONE]'];

export function sse(events: readonly string[], newline = '\n'): string {
  return events.map((event) => `data: ${event}${newline}${newline}`).join('');
}

/** A response's head; with `length` the connection is kept alive. */
export function head(status: number, headers: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Status\r\n${lines.join('')}\r\n`;
}

/** A whole JSON response of that status. */
export function json(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return (socket) => {
    socket.write(
      head(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers }) +
        body,
    );
  };
}

/** An OpenAI-shaped error. */
export function failure(status: number, error: object = {}, headers: Readonly<Record<string, string>> = {}): Answer {
  return json(status, JSON.stringify({ error: { message: 'it failed', type: 'x', code: null, ...error } }), headers);
}

/** Opens a stream in HTTP chunks and hands over how to go on. */
export function open(socket: Socket, type = 'text/event-stream'): { send(data: string | Buffer): void; end(): void } {
  socket.write(head(200, { 'content-type': type, 'transfer-encoding': 'chunked' }));
  return {
    send(data) {
      const bytes = Buffer.from(data);
      socket.write(`${bytes.length.toString(16)}\r\n`);
      socket.write(bytes);
      socket.write('\r\n');
    },
    end: () => socket.write('0\r\n\r\n'),
  };
}

/** Answers well, whole or streamed. */
export const healthy: Answer = (socket, stream) => {
  if (!stream) return json(200, whole)(socket, stream);
  const wire = open(socket);
  wire.send(sse([...beginning, ...ending]));
  wire.end();
};
