import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Simulated } from '../../../support/simulated.ts';

const officialHosts: Readonly<Record<string, string>> = {
  'api.openai.com': 'openai',
  'api.anthropic.com': 'anthropic',
  'generativelanguage.googleapis.com': 'google',
};

/** A `fetch` that sends calls to the documents' addresses to the simulator: `http://0.0.0.0:8001` is its provider `host-8001`. */
export function redirectedTo(simulator: Simulated): typeof fetch {
  return (input, init) => {
    const { hostname, port, pathname, search } = new URL(String(input));
    const provider = hostname.endsWith('.openai.azure.com')
      ? 'azure-openai'
      : (officialHosts[hostname] ?? `host-${port}`);
    const base = simulator.baseUrl(provider);
    return fetch(`${new URL(base).origin}/${provider}${pathname}${search}`, init);
  };
}

/** Runs a command of a document in a shell, with the address of the server under test in place of the document's. */
export async function shell(command: string, from: string, to: string): Promise<{ status: number; body: Reply }> {
  const child = spawn('sh', ['-c', `${command.trim().replace(from, to)} -sS --max-time 20 -w '\n%{http_code}'`]);
  let out = '';
  child.stdout.on('data', (bytes) => {
    out += bytes;
  });
  await once(child, 'close');
  const at = out.lastIndexOf('\n');
  return { status: Number(out.slice(at)), body: JSON.parse(out.slice(0, at)) };
}

/** As much of the server's replies as the tests read. */
export interface Reply {
  readonly model?: string;
  readonly choices?: readonly { readonly message: { readonly content: string } }[];
  readonly error?: { readonly message: string; readonly code: string; readonly type: string; readonly param?: string };
}
