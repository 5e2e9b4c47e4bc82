import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came in. */
export interface Received {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** JSON parsed, a form's entries with files as `name (size)`, or undefined when empty. */
  readonly body: unknown;
}

/** What it is answered with: JSON, server-sent events (with `hang` without an end), or bytes. */
export type Answer =
  | { readonly json: unknown; readonly status?: number }
  | { readonly events: readonly string[]; readonly hang?: boolean }
  | { readonly bytes: string; readonly type: string; readonly status?: number };

/** A server on a free port that notes what it is asked. */
export interface RecordingServer extends AsyncDisposable {
  /** With `/v1`. */
  readonly url: string;
  readonly received: readonly Received[];
}

/** Answers every request as `answer` says. */
export async function recordingServer(answer: (request: Received) => Answer): Promise<RecordingServer> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const { method = '', url = '', headers } = request;
    const body = await bodyOf(Buffer.concat(parts), headers['content-type'] ?? '');
    received.push({ method, url, headers, body });
    const made = answer({ method, url, headers, body });
    if ('json' in made) {
      response.writeHead(made.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(made.json));
    } else if ('events' in made) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(made.events.map((event) => `${event}\n\n`).join(''));
      if (made.hang !== true) response.end();
    } else {
      response.writeHead(made.status ?? 200, { 'content-type': made.type }).end(made.bytes);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(bytes: Buffer, type: string): Promise<unknown> {
  if (bytes.length === 0) return undefined;
  if (!type.startsWith('multipart/')) return JSON.parse(bytes.toString());
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  return [...form].map(([name, value]) => [name, typeof value === 'string' ? value : `${value.name} (${value.size})`]);
}
