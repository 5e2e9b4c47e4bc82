import type { ChatCompletion } from '../core/openai/chat-reply.ts';
import type { ChatCompletionToolMessageParam } from '../core/openai/messages.ts';
import type { ChatCompletionMessageToolCall, ChatCompletionToolChoiceOption } from '../core/openai/tools.ts';
import { ContentFilterFinishReasonError, LengthFinishReasonError } from './parse-errors.ts';
import type { CallableTool } from './runnable-tools.ts';

/** How the loop asks and what it tells. */
export interface ToolLoop<Runner> {
  readonly runner: Runner;
  readonly tools: readonly CallableTool<Runner>[];
  readonly toolChoice: ChatCompletionToolChoiceOption | undefined;
  /** False: calls of one answer run one after the other. */
  readonly parallel: boolean;
  /** Answers at most. The loop ends after the last one's calls, whether the model wants more or not. */
  readonly maxChatCompletions: number;
  /** Asks the model with all messages so far. */
  readonly ask: () => Promise<ChatCompletion>;
  readonly addResult: (message: ChatCompletionToolMessageParam) => void;
  readonly throwIfAborted: () => void;
}

/** Asks, runs the functions asked for, and asks again with their results, until an answer asks for none. */
export async function runToolLoop<Runner>(loop: ToolLoop<Runner>): Promise<void> {
  const only = forcedFunction(loop.toolChoice);
  for (let round = 0; round < loop.maxChatCompletions; round += 1) {
    const calls = wholeCalls(await loop.ask());
    if (calls.length === 0) return;
    const ran = only === undefined && loop.parallel ? await runAll(loop, calls) : await runInTurn(loop, calls, only);
    if (only !== undefined && ran) return;
  }
}

/** The calls of an answer. Throws when they may be incomplete: nothing is run on half of its arguments. */
function wholeCalls(completion: ChatCompletion): ChatCompletionMessageToolCall[] {
  const [choice] = completion.choices;
  const calls = choice?.message.tool_calls ?? [];
  if (calls.length > 0 && choice?.finish_reason === 'length') throw new LengthFinishReasonError(completion);
  if (calls.length > 0 && choice?.finish_reason === 'content_filter')
    throw new ContentFilterFinishReasonError(completion);
  return calls;
}

/** A function the model was made to call: the loop ends when it was, or it would be called for ever. */
function forcedFunction(choice: ChatCompletionToolChoiceOption | undefined): string | undefined {
  return typeof choice === 'object' && choice.type === 'function' ? choice.function.name : undefined;
}

/** Waits for all before the first failure is thrown: no function runs on unnoticed. Results are added in the order of the calls. */
async function runAll<Runner>(loop: ToolLoop<Runner>, calls: ChatCompletionMessageToolCall[]): Promise<boolean> {
  const results = await Promise.allSettled(calls.map((call) => runCall(loop, call)));
  loop.throwIfAborted();
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  for (const result of results) if (result.status === 'fulfilled') addResult(loop, result.value);
  return false;
}

async function runInTurn<Runner>(
  loop: ToolLoop<Runner>,
  calls: ChatCompletionMessageToolCall[],
  only: string | undefined,
): Promise<boolean> {
  for (const call of calls) {
    const result = await runCall(loop, call, only);
    loop.throwIfAborted();
    addResult(loop, result);
    if (only !== undefined && result?.ran) return true;
  }
  return false;
}

function addResult<Runner>({ addResult: add }: ToolLoop<Runner>, result: CallResult | undefined): void {
  if (result) add({ role: 'tool', tool_call_id: result.id, content: result.content });
}

interface CallResult {
  readonly id: string;
  readonly content: string;
  /** False when the model is told of its mistake instead. */
  readonly ran: boolean;
}

/** Undefined for custom tools, which only the caller can answer. */
async function runCall<Runner>(
  { tools, runner }: ToolLoop<Runner>,
  call: ChatCompletionMessageToolCall,
  only?: string,
): Promise<CallResult | undefined> {
  if (call.type !== 'function') return undefined;
  const { id } = call;
  const { name, arguments: text } = call.function;
  const mistake = (content: string): CallResult => ({ id, content, ran: false });
  const tool = tools.find((each) => each.name === name);
  if (!tool)
    return mistake(`There is no function "${name}". Call one of: ${tools.map((each) => each.name).join(', ')}.`);
  if (only !== undefined && name !== only) return mistake(`Call the function "${only}", not "${name}".`);
  let args: unknown;
  try {
    args = await tool.parse(text);
  } catch (error) {
    return mistake(error instanceof Error ? error.message : String(error));
  }
  return { id, content: asText(await tool.call(args, runner)), ran: true };
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
