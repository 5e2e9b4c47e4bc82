import type { Endpoint } from '../../core/endpoint.ts';
import type { JsonObject } from '../../core/json.ts';
import { estimateInput, estimateText } from '../../core/token-estimate.ts';
import type { Usage } from '../../core/usage.ts';
import type { LeafCall } from './leaf-call.ts';

/** What calls of these endpoints cost depends on their tokens. */
const countedEndpoints: ReadonlySet<Endpoint> = new Set([
  'chat/completions',
  'completions',
  'responses',
  'messages',
  'embeddings',
]);

/** An estimate of what a reply used, marked as one, for a provider that does not say. `output`: the text it wrote, or the parts of its reply. Undefined where tokens are not what is paid for. */
export function estimatedUsage(
  { request, scope, runtime: { countTokens } }: LeafCall,
  output: unknown,
): Usage | undefined {
  const { endpoint, body } = request;
  if (!countedEndpoints.has(endpoint)) return undefined;
  const count = countTokens === undefined ? estimateText : (text: string) => countTokens(text, scope.model);
  return {
    promptTokens: estimateInput(endpoint, body, count),
    completionTokens: estimateInput('completions', { input: output }, count),
    estimated: true,
  };
}

/** What a reply that broke off used: a provider that reports at the end has not yet said all of it. */
export function brokenUsage(call: LeafCall, reported: Usage | undefined, output: string): Usage | undefined {
  const estimated = estimatedUsage(call, output);
  if (reported === undefined || estimated === undefined) return reported ?? estimated;
  if (reported.completionTokens >= estimated.completionTokens) return reported;
  return { ...reported, completionTokens: estimated.completionTokens, estimated: true };
}

/** The parts of a whole reply that a model wrote. */
export function writtenParts({ choices, content, output }: JsonObject): unknown {
  if (Array.isArray(choices)) return choices.map((choice: JsonObject) => choice['message'] ?? choice['text']);
  return content ?? output;
}
