import type { Config } from '../../src/config/config.ts';

/** What a fake provider was asked: texts to embed, and chat bodies. */
export interface Meanings {
  readonly fetch: typeof fetch;
  readonly embedded: string[];
  readonly asked: Record<string, unknown>[];
  /** How embeddings are answered from now on; `vector` (default): by the table. */
  embedding: 'vector' | 'silent' | number | object;
}

/** Who makes the embeddings. */
export const embedding = {
  provider: 'openai',
  api_key: 'k',
  custom_host: 'http://embed.test/v1',
  model: 'small',
} as const;

/** Who answers. */
export const answering: Config = { provider: 'openai', api_key: 'k', custom_host: 'http://chat.test/v1' };

/** A provider whose embeddings are points on a circle: `degrees` by text, 0 for texts not named. Each chat call is answered by its number. */
export function meanings(degrees: Readonly<Record<string, number>>): Meanings {
  const made: Meanings = {
    embedded: [],
    asked: [],
    embedding: 'vector',
    async fetch(input, init) {
      const { hostname, pathname } = new URL(String(input));
      const body: Record<string, unknown> = JSON.parse(String(init?.body));
      if (hostname === 'embed.test') {
        made.embedded.push(String(body.input));
        return embeddingFor(made.embedding, degrees[String(body.input)] ?? 0, init?.signal ?? undefined);
      }
      made.asked.push(body);
      return answerTo(pathname, body, made.asked.length);
    },
  };
  return made;
}

function embeddingFor(how: Meanings['embedding'], degrees: number, signal: AbortSignal | undefined) {
  if (how === 'silent')
    return new Promise<Response>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  if (typeof how === 'number') return Response.json({ error: { message: 'no' } }, { status: how });
  const radians = (degrees * Math.PI) / 180;
  const vector = [3 * Math.cos(radians), 3 * Math.sin(radians)];
  return Response.json(how === 'vector' ? { object: 'list', data: [{ index: 0, embedding: vector }] } : how);
}

function answerTo(pathname: string, body: Record<string, unknown>, number: number): Response {
  const facts = { id: `c${number}`, created: 1, model: 'm' };
  if (body.stream === true) {
    const chunk = (delta: object, finish: string | null) =>
      `data: ${JSON.stringify({ ...facts, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
    const text = `${chunk({ role: 'assistant', content: 'answer ' }, null)}${chunk({ content: String(number) }, 'stop')}data: [DONE]\n\n`;
    return new Response(text, { headers: { 'content-type': 'text/event-stream' } });
  }
  const content = `answer ${number}`;
  if (pathname.endsWith('/responses')) {
    const output = [
      { type: 'message', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: content }] },
    ];
    return Response.json({ ...facts, object: 'response', status: 'completed', output });
  }
  if (pathname.endsWith('/embeddings')) return Response.json({ object: 'list', data: [{ index: 0, embedding: [1] }] });
  const choice = { index: 0, finish_reason: 'stop', message: { role: 'assistant', content }, text: content };
  return Response.json({ ...facts, object: 'chat.completion', choices: [choice] });
}
