/** What every contender asks. */
export const chatRequest = {
  model: 'gpt-4o-mini',
  max_tokens: 200,
  messages: [
    { role: 'system' as const, content: 'You are a patient assistant who answers in short, plain sentences.' },
    { role: 'user' as const, content: 'Why does the moon look larger when it stands close to the horizon?' },
  ],
};

const sentence = 'The moon looks larger at the horizon because we see it beside trees and houses. ';
const text = sentence.repeat(14);

/** A chat completion of about 1.5 kB. Source: OpenAI API reference, "The chat completion object". */
export const chatReply = {
  id: 'chatcmpl-BenchBenchBenchBenchBench0001',
  object: 'chat.completion',
  created: 1_760_000_000,
  model: 'gpt-4o-mini-2024-07-18',
  choices: [
    { index: 0, message: { role: 'assistant', content: text, refusal: null }, logprobs: null, finish_reason: 'stop' },
  ],
  usage: { prompt_tokens: 40, completion_tokens: 238, total_tokens: 278 },
  system_fingerprint: 'fp_bench00001',
};

/** A message of about the same size. Source: Claude API reference, "Messages". */
export const anthropicReply = {
  id: 'msg_01BenchBenchBenchBench',
  type: 'message',
  role: 'assistant',
  model: 'claude-3-opus-20240229',
  content: [{ type: 'text', text }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 40, output_tokens: 238 },
};

/** Chunks of one stream: a role, tokens, and a finish reason. */
export const chunksPerStream = 300;

/** Chunks in one TCP write. */
export const chunksPerWrite = 5;

/** The stream as server-sent events, `[DONE]` last. Source: OpenAI API reference, "The chat completion chunk object". */
export const streamEvents: readonly string[] = [
  event({ role: 'assistant', content: '', refusal: null }),
  ...Array.from({ length: chunksPerStream - 2 }, (_, index) => event({ content: ` token${index}` })),
  `${event({}, 'stop')}data: [DONE]\n\n`,
];

function event(delta: object, finishReason: string | null = null): string {
  const chunk = {
    id: 'chatcmpl-BenchBenchBenchBenchBench0002',
    object: 'chat.completion.chunk',
    created: 1_760_000_000,
    model: 'gpt-4o-mini-2024-07-18',
    service_tier: 'default',
    system_fingerprint: 'fp_bench00001',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    usage: null,
  };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}
