import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { thinkingKeeper } from '../../providers/dialects/responses-bridge/thinking.ts';
import { extraOf, textOf } from './content.ts';
import { responseFacts } from './facts.ts';
import { keep } from './kept.ts';
import { toFiles, toSources } from './media.ts';
import type { FinishReason, ProviderMetadata, StreamPart } from './spec.ts';
import { toolInputs } from './tool-inputs.ts';
import { toFinishReason, toUsage } from './usage.ts';

/** Turns chunks into parts. */
export interface PartReader {
  push(chunk: JsonObject): readonly StreamPart[];
  /** Ends what is open. `reason` beats what the stream said. */
  end(metadata: ProviderMetadata, reason?: FinishReason['unified']): readonly StreamPart[];
}

/** One reader for one stream. Thoughts, text and tool calls are blocks: one ends where another kind begins. */
export function partReader(): PartReader {
  const block = blocks();
  const tools = toolInputs();
  let isIntroduced = false;
  let finishReason: unknown;
  let usage: unknown;
  let sources = 0;

  function readDelta(delta: JsonObject): StreamPart[] {
    const cited = toSources(delta['annotations'], sources);
    sources += cited.length;
    const calls = Array.isArray(delta['tool_calls']) ? delta['tool_calls'].filter(isJsonObject) : [];
    return [
      ...block.think(delta),
      ...block.say(`${textOf(delta['content'])}${textOf(delta['refusal'])}`, delta),
      ...toFiles(delta),
      ...cited,
      ...(calls.length === 0 ? [] : block.close()),
      ...calls.flatMap((call, index) => tools.push(call, index)),
    ];
  }

  return {
    push(chunk) {
      const parts: StreamPart[] = [];
      const facts = isIntroduced ? {} : responseFacts(chunk);
      if (Object.keys(facts).length > 0) {
        isIntroduced = true;
        parts.push({ type: 'response-metadata', ...facts });
      }
      if (isJsonObject(chunk['usage'])) usage = chunk['usage'];
      const choice: unknown = Array.isArray(chunk['choices']) ? chunk['choices'][0] : undefined;
      if (!isJsonObject(choice)) return parts;
      if (isJsonObject(choice['delta'])) parts.push(...readDelta(choice['delta']));
      if (typeof choice['finish_reason'] === 'string') finishReason = choice['finish_reason'];
      return parts;
    },
    end(metadata, reason) {
      const said = toFinishReason(finishReason);
      return [
        ...block.close(),
        // A call that was cut off must not be run.
        ...(reason === undefined ? tools.finish() : []),
        {
          type: 'finish',
          finishReason: reason === undefined ? said : { ...said, unified: reason },
          usage: toUsage(usage),
          providerMetadata: metadata,
        },
      ];
    },
  };
}

/** The block of thoughts or text that is open. */
function blocks() {
  let open: { readonly kind: 'text' | 'reasoning'; readonly id: string } | undefined;
  let count = 0;
  const thinking = thinkingKeeper(true);
  let extra: ReturnType<typeof extraOf> = {};

  function close(): StreamPart[] {
    if (open === undefined) return [];
    const { kind, id } = open;
    const thinkingBlocks = kind === 'reasoning' ? thinking.takeBlocks() : [];
    const kept = { ...extra, ...(thinkingBlocks.length === 0 ? {} : { thinkingBlocks }) };
    open = undefined;
    extra = {};
    return [{ type: `${kind}-end`, id, ...keep(kept) }];
  }

  function append(kind: 'text' | 'reasoning', delta: string): StreamPart[] {
    const parts: StreamPart[] = open?.kind === kind ? [] : close();
    if (open === undefined) {
      open = { kind, id: `${kind}-${count}` };
      count += 1;
      parts.push({ type: `${kind}-start`, id: open.id });
    }
    if (delta !== '') parts.push({ type: `${kind}-delta`, id: open.id, delta });
    return parts;
  }

  return {
    close,
    think(delta: JsonObject): StreamPart[] {
      const text = textOf(delta['reasoning_content']);
      // Thoughts that only the provider can read have no text.
      return thinking.add(delta) || text !== '' ? append('reasoning', text) : [];
    },
    say(delta: string, holder: JsonObject): StreamPart[] {
      if (delta === '' && open?.kind !== 'text') return [];
      const parts = delta === '' ? [] : append('text', delta);
      extra = { ...extra, ...extraOf(holder) };
      return parts;
    },
  };
}
