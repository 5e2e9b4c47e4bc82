import type { HttpRequest, HttpResponse, Transport } from '../../../src/core/transport.ts';

/** A transport that records what it is sent and answers from a list; the list's last answer repeats. */
export function fakeTransport(...answers: readonly { readonly status: number; readonly body: string }[]): Transport & {
  readonly sent: HttpRequest[];
} {
  const sent: HttpRequest[] = [];
  return {
    sent,
    async send(request, signal) {
      signal.throwIfAborted();
      const answer = answers[Math.min(sent.length, answers.length - 1)];
      sent.push(request);
      if (answer === undefined) throw new Error('no answer left');
      return respond(answer.status, answer.body);
    },
  };
}

function respond(status: number, text: string): HttpResponse {
  return {
    status,
    headers: {},
    body: {
      text: async () => text,
      bytes: async () => new TextEncoder().encode(text),
      flow: () => {
        throw new Error('not a stream');
      },
      cancel: () => undefined,
    },
  };
}
