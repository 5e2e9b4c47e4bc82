import { type IncomingHttpHeaders, request } from 'node:http';

/** What a bare HTTP client sees of a response, broken ones included. */
export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly chunks: readonly Buffer[];
  readonly text: string;
  /** Code or message of the error that ended the response early. */
  readonly error: string | undefined;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Closes the connection after this many chunks. */
  readonly leaveAfter?: number;
}

/** Sends a request with `node:http` and collects what comes; resolves also when the connection breaks. */
export function send(url: string, { method = 'POST', headers = {}, body, leaveAfter }: Sent = {}): Promise<Received> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let received: Partial<Received> = {};
    const finish = (error?: string) =>
      resolve({
        status: received.status ?? 0,
        headers: received.headers ?? {},
        chunks,
        text: Buffer.concat(chunks).toString(),
        error,
      });
    const sent = request(url, { method, headers: { 'content-type': 'application/json', ...headers }, agent: false });
    sent.on('error', (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
    sent.on('response', (response) => {
      received = { status: response.statusCode ?? 0, headers: response.headers };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (chunks.length === leaveAfter) {
          sent.destroy();
          finish();
        }
      });
      response.on('end', () => finish());
      response.on('error', (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
    });
    sent.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
}

export const bearer = { authorization: 'Bearer key-1' };
export const anthropicHeaders = { 'x-api-key': 'key-1', 'anthropic-version': '2023-06-01' };

export const chatBody = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi there' }] };
export const messageBody = { model: 'claude-x', max_tokens: 64, messages: [{ role: 'user', content: 'Hi there' }] };

/** The `data:` values of a stream, parsed where they are JSON. */
export function dataOf(text: string): readonly unknown[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice('data: '.length))
    .map((data) => (data.startsWith('{') ? JSON.parse(data) : data));
}
