import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Answer, TokenCounts } from '../../answer.ts';
import type { StreamEvent } from '../../framing.ts';
import { tokens } from '../../text.ts';
import { promptOf, textOf } from '../prompt.ts';
import type { Call, Operation } from '../wire-format.ts';
import { checkResponses } from './check-responses.ts';

/** The Responses API (OpenAI API reference, "Responses" and "Streaming events"). */
export const responses: Operation = {
  check: checkResponses,
  prompt({ body }) {
    const wantsJson = isJsonObject(body.text) && isJsonObject(body.text.format) && body.text.format.type !== 'text';
    if (Array.isArray(body.input)) return promptOf(body.input, { extra: body.instructions, wantsJson });
    const text = textOf(body.input);
    return { lastUserText: text, length: text.length + textOf(body.instructions).length, wantsJson };
  },
  reply: (call, answer) => ({ json: response(call, answer, finalStatus(answer)) }),
  events,
};

type Status = 'in_progress' | 'completed' | 'incomplete';

function finalStatus(answer: Answer): Status {
  return answer.contentFilter || answer.finishReason !== undefined ? 'incomplete' : 'completed';
}

/** The response object in a state; output and usage are there when it is over. */
function response({ body }: Call, answer: Answer, status: Status): JsonObject {
  const over = status !== 'in_progress';
  const echoed = Object.entries(echoedDefaults).map(([name, value]) => [name, body[name] ?? value]);
  return {
    id: `resp_${answer.id}`,
    object: 'response',
    created_at: answer.created,
    status,
    background: false,
    error: null,
    incomplete_details: status === 'incomplete' ? { reason: answer.finishReason ?? 'content_filter' } : null,
    model: answer.model,
    output: over ? outputs(answer).map(({ item }) => item) : [],
    usage: over && answer.usage !== undefined ? usage(answer.usage) : null,
    ...Object.fromEntries(echoed),
  };
}

/** Parameters a response repeats, with what stands for one that was not sent. */
const echoedDefaults: JsonObject = {
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  service_tier: 'default',
  store: true,
  temperature: 1,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
  truncation: 'disabled',
  user: null,
};

function usage(counts: TokenCounts): JsonObject {
  return {
    input_tokens: counts.inputTokens,
    input_tokens_details: { cached_tokens: counts.cachedTokens },
    output_tokens: counts.outputTokens,
    output_tokens_details: { reasoning_tokens: counts.reasoningTokens },
    total_tokens: counts.inputTokens + counts.outputTokens,
  };
}

/** One output item: as it is in the end, as it is announced, and the events in between. */
interface Output {
  readonly item: JsonObject;
  readonly announced: JsonObject;
  readonly steps: readonly JsonObject[];
}

function outputs(answer: Answer): readonly Output[] {
  const items: Output[] = [];
  if (answer.reasoning !== undefined) items.push(reasoningItem(answer, answer.reasoning));
  if (answer.refusal !== undefined) {
    items.push(messageItem(answer, { type: 'refusal', field: 'refusal', text: answer.refusal, event: 'refusal' }));
  } else if (answer.text !== '' || answer.toolCalls.length === 0) {
    items.push(messageItem(answer, { type: 'output_text', field: 'text', text: answer.text, event: 'output_text' }));
  }
  return [...items, ...answer.toolCalls.map((_, index) => callItem(answer, index))];
}

function reasoningItem({ id: answerId }: Answer, text: string): Output {
  const id = `rs_${answerId}`;
  const place = { item_id: id, summary_index: 0 };
  const part = (summary: string) => ({ type: 'summary_text', text: summary });
  return {
    item: { id, type: 'reasoning', summary: [part(text)] },
    announced: { id, type: 'reasoning', summary: [] },
    steps: [
      { type: 'response.reasoning_summary_part.added', ...place, part: part('') },
      ...tokens(text).map((delta) => ({ type: 'response.reasoning_summary_text.delta', ...place, delta })),
      { type: 'response.reasoning_summary_text.done', ...place, text },
      { type: 'response.reasoning_summary_part.done', ...place, part: part(text) },
    ],
  };
}

interface Part {
  readonly type: string;
  readonly field: 'text' | 'refusal';
  readonly text: string;
  readonly event: string;
}

function messageItem(answer: Answer, { type, field, text, event }: Part): Output {
  const id = `msg_${answer.id}`;
  const place = { item_id: id, content_index: 0 };
  const extra = field === 'text' ? { annotations: [], logprobs: [] } : {};
  const logprobs = field === 'text' ? { logprobs: [] } : {};
  const part = (content: string) => ({ type, ...extra, [field]: content });
  return {
    item: { id, type: 'message', status: finalStatus(answer), role: 'assistant', content: [part(text)] },
    announced: { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] },
    steps: [
      { type: 'response.content_part.added', ...place, part: part('') },
      ...tokens(text).map((delta) => ({ type: `response.${event}.delta`, ...place, delta, ...logprobs })),
      { type: `response.${event}.done`, ...place, [field]: text, ...logprobs },
      { type: 'response.content_part.done', ...place, part: part(text) },
    ],
  };
}

function callItem(answer: Answer, index: number): Output {
  const call = answer.toolCalls[index];
  const id = `fc_${answer.id}${index}`;
  const base = { id, type: 'function_call', call_id: call?.id ?? `call_${answer.id}${index}`, name: call?.name };
  const text = call?.arguments ?? '';
  return {
    item: { ...base, status: 'completed', arguments: text },
    announced: { ...base, status: 'in_progress', arguments: '' },
    steps: [
      ...tokens(text).map((delta) => ({ type: 'response.function_call_arguments.delta', item_id: id, delta })),
      { type: 'response.function_call_arguments.done', item_id: id, name: call?.name, arguments: text },
    ],
  };
}

function events(call: Call, answer: Answer): readonly StreamEvent[] {
  const status = finalStatus(answer);
  const begun = response(call, answer, 'in_progress');
  const all: JsonObject[] = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
  ];
  for (const [index, { item, announced, steps }] of outputs(answer).entries()) {
    all.push({ type: 'response.output_item.added', output_index: index, item: announced });
    all.push(...steps.map((step) => ({ ...step, output_index: index })));
    all.push({ type: 'response.output_item.done', output_index: index, item });
  }
  all.push({ type: `response.${status}`, response: response(call, answer, status) });
  return all.map((data, sequence) => {
    const type = data.type as string;
    return { event: type, data: { ...data, sequence_number: sequence }, token: type.endsWith('.delta') };
  });
}
