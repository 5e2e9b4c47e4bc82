import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { providers } from '../../../providers/hosts/index.ts';
import { type Section, sectionOf } from '../foreign/section.ts';

/** Bare names of models, by the provider that serves them. */
const bareNames: Readonly<Record<string, readonly string[]>> = {
  openai: ['gpt-*', 'chatgpt-*', 'o1*', 'o3*', 'o4*', 'text-embedding-*', 'dall-e-*', 'tts-*', 'whisper-*'],
  anthropic: ['claude-*'],
  google: ['gemini-*'],
  cohere: ['command-*', 'embed-*'],
};

/**
 * LiteLLM's `{"model_name": "*", "litellm_params": {"model": "*"}}` serves every model of every provider. Here it stands for the providers
 * whose keys the environment holds: `openai/*`, `anthropic/*`, and bare names of their models, as far as no other entry has that name.
 */
export function withEveryModel(entries: readonly Section[]): readonly Section[] {
  const taken = new Set(entries.map(({ source }) => source.model_name));
  return entries.flatMap((entry) => (isEveryModel(entry.source) ? spread(entry, entry.source, taken) : [entry]));
}

interface EveryModel extends JsonObject {
  readonly litellm_params: JsonObject;
}

function isEveryModel(entry: JsonObject): entry is EveryModel {
  const { model_name, litellm_params: params } = entry;
  return model_name === '*' && isJsonObject(params) && params.model === '*' && params.custom_llm_provider === undefined;
}

function spread({ path, reading }: Section, entry: EveryModel, taken: ReadonlySet<unknown>): readonly Section[] {
  const { environment, notes } = reading;
  const isSet = (name: string) => (environment[name] ?? '').trim() !== '';
  const known = providers.filter(({ retired, env }) => retired === undefined && env.some(isSet));
  if (known.length === 0) notes.refuse(path, 'Serves the providers whose keys the environment holds: it holds none.');
  else
    notes.warn(
      path,
      `Serves the providers whose keys the environment holds: ${known.map(({ name }) => name).join(', ')}.`,
    );
  const names = known.flatMap(({ name, aliases = [] }) => [
    ...[name, ...aliases].map((prefix) => [`${prefix.replaceAll('-', '_')}/*`, `${name}/*`] as const),
    ...(bareNames[name] ?? []).map((bare) => [bare, `${name}/${bare}`] as const),
  ]);
  return [...new Map(names)]
    .filter(([name]) => !taken.has(name))
    .map(([model_name, model]) =>
      sectionOf({ ...entry, model_name, litellm_params: { ...entry.litellm_params, model } }, path, reading),
    );
}
