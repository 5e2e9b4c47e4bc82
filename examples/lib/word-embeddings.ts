import { once } from 'node:events';
import { createServer } from 'node:http';

/** A stand-in for an embedding model, with OpenAI's API: texts of the same words are near each other, whatever their order. */
export async function wordEmbeddings(): Promise<{ url: string; calls: () => number; stop: () => void }> {
  let calls = 0;
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    calls++;
    const embedding = vectorOf(JSON.parse(text).input);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ object: 'list', data: [{ object: 'embedding', index: 0, embedding }] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}/v1`, calls: () => calls, stop: () => server.close() };
}

/** Counts words of four letters and more, by their sums of letters. */
function vectorOf(text: string): number[] {
  const vector = new Array<number>(97).fill(0);
  for (const [word] of text.toLowerCase().matchAll(/\p{L}{4,}/gu)) {
    const place = [...word].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 0) % vector.length;
    vector[place] = (vector[place] ?? 0) + 1;
  }
  return vector;
}
