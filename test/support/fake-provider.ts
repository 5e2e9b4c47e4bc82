/** A `fetch` that answers without a network. `hosts` notes every host asked. */
export interface FakeProviders {
  readonly fetch: typeof fetch;
  readonly hosts: readonly string[];
}

/** What a fake host does: a status, a whole body, or silence until the request is aborted. */
export type FakeAnswer = number | object | 'silent';

/** Hosts by name, each going through its answers and then repeating the last; hosts not named answer 200. */
export function fakeProviders(answers: Readonly<Record<string, readonly FakeAnswer[]>>): FakeProviders {
  const hosts: string[] = [];
  return {
    hosts,
    fetch: async (input, init) => {
      const { hostname } = new URL(String(input));
      const before = hosts.filter((host) => host === hostname).length;
      hosts.push(hostname);
      const steps = answers[hostname] ?? [200];
      return respond(steps[Math.min(before, steps.length - 1)] ?? 200, init?.signal ?? undefined);
    },
  };
}

function respond(answer: FakeAnswer, signal: AbortSignal | undefined): Promise<Response> | Response {
  if (answer === 'silent') {
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
  }
  if (typeof answer === 'object') return Response.json(answer);
  return answer < 400 ? Response.json(completion) : Response.json({ error: { message: 'no' } }, { status: answer });
}

const completion = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi.' }, finish_reason: 'stop' }],
};
