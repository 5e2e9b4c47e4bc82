import { Agent, type ClientRequest, request } from 'node:http';

/** Where to send, and what. */
export interface Aim {
  /** Without `/v1`. */
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How one round of load went. */
export interface LoadResult {
  /** Answered with 200. */
  readonly count: number;
  readonly failed: number;
  readonly wallMs: number;
  /** To the end of each reply, in order of size. */
  readonly latenciesMs: readonly number[];
}

/** Sends requests for `forMs`, `concurrency` at a time, each on a connection that is kept. */
export async function load(aim: Aim, concurrency: number, forMs: number, agent: Agent): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  let failed = 0;
  const startedAt = performance.now();
  const lane = async () => {
    while (performance.now() - startedAt < forMs) {
      const sentAt = performance.now();
      const isGood = await one(aim, agent).catch(() => false);
      if (isGood) latenciesMs.push(performance.now() - sentAt);
      else failed++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  const wallMs = performance.now() - startedAt;
  return { count: latenciesMs.length, failed, wallMs, latenciesMs: latenciesMs.toSorted((a, b) => a - b) };
}

/** An agent whose connections stay open. */
export function keptAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 2000 });
}

/** Was it answered with 200? Resolves when the reply is over. */
function one(aim: Aim, agent: Agent): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const sent = send(aim, agent);
    sent.on('response', (response) => {
      response.on('data', () => undefined).once('end', () => resolve(response.statusCode === 200));
    });
    sent.on('error', reject);
  });
}

/** Opens `count` streams and holds them. Resolves when each has sent its first event; the function closes them. */
export async function openStreams(aim: Aim, count: number, agent: Agent): Promise<() => void> {
  const open = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ClientRequest>((resolve, reject) => {
          const sent = send(aim, agent);
          sent.on('response', (response) => response.once('data', () => resolve(sent)).on('error', () => undefined));
          sent.on('error', reject);
        }),
    ),
  );
  return () => {
    for (const sent of open) sent.destroy();
  };
}

function send({ base, headers, body }: Aim, agent: Agent): ClientRequest {
  const sent = request(`${base}/v1/chat/completions`, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
  });
  sent.end(body);
  return sent;
}

/** The value below which `part` (0 to 1) of sorted values lie; 0 where there are none. */
export function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? 0;
}
