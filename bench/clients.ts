import type OpenAI from 'openai';
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import type { PortkeyOptions } from '../src/index.ts';
import { Portkey } from '../src/index.ts';
import { chatRequest } from './payloads.ts';
import { loadPeer } from './peers.ts';

/** A config in the form that modelmux and Portkey's gateway both read. */
export type SharedConfig = NonNullable<Exclude<PortkeyOptions['config'], string>>;

/** The `openai` package, asking the simulated provider directly. */
export async function openaiClient(upstream: string): Promise<OpenAI> {
  const { default: Client } = await loadPeer<{ readonly default: typeof OpenAI }>('openai');
  return new Client({ apiKey: 'sk-bench', baseURL: `${upstream}/v1`, maxRetries: 0 });
}

/** What is used of `portkey-ai`. */
export interface PortkeyPackage {
  readonly chat: {
    readonly completions: { create(body: ChatCompletionCreateParamsNonStreaming): Promise<object> };
  };
}

/** The `portkey-ai` package, asking the open-source gateway to run `config`. */
export async function portkeyClient(gateway: string | undefined, config: object): Promise<PortkeyPackage> {
  const { Portkey: Client } = await loadPeer<{
    readonly Portkey: new (options: object) => PortkeyPackage;
  }>('portkey-ai');
  return new Client({ apiKey: 'pk-bench', baseURL: gateway, config });
}

/** modelmux with `config`, asked for one completion. */
export function ours(config: SharedConfig, options: PortkeyOptions = {}): () => Promise<void> {
  const portkey = new Portkey({ ...options, config });
  return async () => {
    await portkey.chat.completions.create(chatRequest);
  };
}

/** Headers and body of a call without any package. */
export function plainCall(body: object): { method: 'POST'; headers: Record<string, string>; body: string } {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-bench' },
    body: JSON.stringify(body),
  };
}

/** One completion by bare `fetch`. Throws for a status of 400 or more, with the error's body. */
export async function bareFetch(url: string): Promise<unknown> {
  const response = await fetch(url, plainCall(chatRequest));
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text}`);
  return JSON.parse(text);
}
