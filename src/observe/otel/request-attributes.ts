import type { Attributes } from '@opentelemetry/api';
import type { JsonObject } from '../../core/json.ts';

/** What a request's body says of how the model is to answer, as `gen_ai.request.*`. */
export function requestAttributes(body: JsonObject): Attributes {
  const found: Attributes = {};
  for (const [attribute, names] of Object.entries(numbers)) {
    const value = names.map((name) => body[name]).find((given) => typeof given === 'number');
    if (typeof value === 'number') found[attribute] = value;
  }
  if (typeof body.n === 'number' && body.n !== 1) found['gen_ai.request.choice.count'] = body.n;
  if (body.stream === true) found['gen_ai.request.stream'] = true;
  const stop = stopOf(body.stop ?? body.stop_sequences);
  if (stop !== undefined) found['gen_ai.request.stop_sequences'] = stop;
  const format = formatOf(body);
  if (format !== undefined) found['gen_ai.output.type'] = format;
  if (Array.isArray(body.encoding_format)) return found;
  if (typeof body.encoding_format === 'string') found['gen_ai.request.encoding_formats'] = [body.encoding_format];
  return found;
}

const numbers: Readonly<Record<string, readonly string[]>> = {
  'gen_ai.request.max_tokens': ['max_completion_tokens', 'max_tokens', 'max_output_tokens'],
  'gen_ai.request.temperature': ['temperature'],
  'gen_ai.request.top_p': ['top_p'],
  'gen_ai.request.top_k': ['top_k'],
  'gen_ai.request.frequency_penalty': ['frequency_penalty'],
  'gen_ai.request.presence_penalty': ['presence_penalty'],
  'gen_ai.request.seed': ['seed'],
  'gen_ai.embeddings.dimension.count': ['dimensions'],
};

function stopOf(stop: unknown): string[] | undefined {
  if (typeof stop === 'string') return [stop];
  return Array.isArray(stop) && stop.every((one): one is string => typeof one === 'string') ? stop : undefined;
}

function formatOf({ response_format: format }: JsonObject): string | undefined {
  const type = typeof format === 'object' && format !== null ? (format as { type?: unknown }).type : undefined;
  if (type === 'json_object' || type === 'json_schema') return 'json';
  return type === 'text' ? 'text' : undefined;
}
