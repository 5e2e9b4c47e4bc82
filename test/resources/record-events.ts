/** The name of an event and its arguments, as they were when it was reported. */
export type Recorded = readonly [name: string, ...args: unknown[]];

const events = [
  'connect',
  'chunk',
  'content',
  'content.delta',
  'content.done',
  'refusal.delta',
  'refusal.done',
  'tool_calls.function.arguments.delta',
  'tool_calls.function.arguments.done',
  'logprobs.content.delta',
  'logprobs.content.done',
  'logprobs.refusal.delta',
  'logprobs.refusal.done',
  'chatCompletion',
  'message',
  'functionToolCall',
  'functionToolCallResult',
  'finalChatCompletion',
  'finalMessage',
  'finalContent',
  'finalFunctionToolCall',
  'finalFunctionToolCallResult',
  'totalUsage',
  'error',
  'abort',
  'end',
];

/** Every event of a run, until it ends. Of errors only that there was one: their texts are each library's own. */
export function record(run: { on(event: never, listener: never): unknown }): Promise<Recorded[]> {
  const seen: Recorded[] = [];
  return new Promise((resolve) => {
    for (const event of events) {
      const listener = (...args: unknown[]) => {
        seen.push([event, ...args.map((arg, place) => plain(arg, event === 'chunk' && place === 1))]);
        if (event === 'end') resolve(seen);
      };
      run.on(event as never, listener as never);
    }
  });
}

/**
 * In the snapshot beside a chunk the openai package keeps the chunk's `object`, and what it has parsed so far. In whole
 * answers it says of every call that nothing was parsed; ours only where something could have been.
 */
const theirSnapshot = ['object', 'parsed', 'parsed_arguments'];

function plain(value: unknown, isSnapshot: boolean): unknown {
  if (value instanceof Error) return 'error';
  const keep = (key: string, member: unknown) =>
    (isSnapshot && theirSnapshot.includes(key)) || (key === 'parsed_arguments' && member === null) ? undefined : member;
  return JSON.parse(JSON.stringify(value, keep));
}
