import type { ChatCompletionFunctionTool, FunctionParameters } from '../core/openai/tools.ts';
import { isParseableTool, type ParseableTool } from './parseable.ts';

/**
 * A function the run may call. With `parse`, the function gets what it makes of the arguments; when `parse` throws, the
 * model is told why and may try again. Without, it gets the JSON text. What it returns is sent as it is when it is text,
 * else as JSON; what it throws ends the run.
 */
export interface RunnableTool<Arguments, Runner> {
  type: 'function';
  function: {
    function: (args: Arguments, runner: Runner) => unknown;
    parse?: ((text: string) => Arguments | PromiseLike<Arguments>) | undefined;
    /** JSON Schema of the arguments. */
    parameters: FunctionParameters;
    description: string;
    /** The function's own name when absent. */
    name?: string | undefined;
    strict?: boolean | undefined;
  };
}

/** The tools of a run: each by itself, or made with `zodFunction()`. */
export type RunnableTools<Arguments extends readonly unknown[], Runner> = {
  [Index in keyof Arguments]: RunnableTool<Arguments[Index], Runner> | ParseableTool<Arguments[Index]>;
};

/** A tool as it is told to the model, and how to call it. */
export interface CallableTool<Runner> {
  readonly name: string;
  readonly tool: ChatCompletionFunctionTool;
  readonly parse: (text: string) => unknown;
  readonly call: (args: unknown, runner: Runner) => unknown;
}

/** What `tools` come to. Throws a `TypeError` for one that has no function or no name. */
export function callableTools<Runner>(tools: readonly unknown[]): CallableTool<Runner>[] {
  return tools.map((tool) => (isParseableTool(tool) ? ofParseable(tool) : ofRunnable(tool as AnyRunnable<Runner>)));
}

function ofParseable<Runner>(tool: ParseableTool<unknown>): CallableTool<Runner> {
  const { name } = tool.function;
  const { $callback: callback } = tool;
  if (!callback) throw new TypeError(`Tool "${name}" cannot be run: give zodFunction() a "function".`);
  return { name, tool, parse: (text) => tool.$parseRaw(text), call: (args) => callback(args) };
}

type AnyRunnable<Runner> = RunnableTool<unknown, Runner>;

function ofRunnable<Runner>({ function: definition }: AnyRunnable<Runner>): CallableTool<Runner> {
  const { function: run, parse = (text: string) => text, name = run?.name, ...rest } = definition;
  if (typeof run !== 'function') throw new TypeError(`Tool "${name}" cannot be run: it has no "function".`);
  if (!name) throw new TypeError('A tool cannot be run: neither it nor its function has a name.');
  return { name, tool: { type: 'function', function: { ...rest, name } }, parse, call: run };
}
