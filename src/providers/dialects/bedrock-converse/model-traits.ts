import type { CodecScope } from '../../../core/provider.ts';
import { type ModelFacts, modelFacts } from '../anthropic-messages/model-facts.ts';

/** What models on Bedrock take differently. */
export interface ModelTraits {
  /** What Claude models accept; undefined for all others. */
  readonly claude?: ModelFacts;
  /**
   * How effort is asked for, in `additionalModelRequestFields` unless it is Claude: `nova` as `reasoningConfig`, `flat` as
   * `reasoning_effort`, `nested` as `reasoning.effort`; `none` where the model has no such control, `unknown` where the
   * model is not known.
   */
  readonly effort: 'claude' | 'nova' | 'flat' | 'nested' | 'none' | 'unknown';
  /** Where `top_k` goes in `additionalModelRequestFields`; undefined where the model has none. */
  readonly topK?: readonly string[];
  /** Whether `cachePoint` blocks are taken. */
  readonly cachePoints: boolean;
  /** Whether `toolChoice` may be `any` or `tool`. */
  readonly forcedTools: boolean;
  /** Whether `outputConfig.textFormat` and strict tools are taken. */
  readonly structuredOutputs: boolean;
  /** Whether signed or encrypted reasoning of earlier turns is taken back. */
  readonly replaysReasoning: boolean;
  /** Whether a tool result may say `status: "error"`. */
  readonly resultStatus: boolean;
  /** Whether tool use IDs must be nine letters or digits. */
  readonly shortToolIds: boolean;
}

/**
 * What the asked model takes, read from its ID, or from the `bedrockModel` setting where the ID does not tell, as in the
 * ARN of an application inference profile. A model that stays unknown counts as one that takes all. Sources: Amazon
 * Bedrock User Guide, "Supported models and model features" of the Converse API, "Prompt caching for faster model
 * inference", "Get validated JSON results from models", "Inference request parameters"; API reference, "ToolChoice",
 * "ToolResultBlock".
 */
export function modelTraits(scope: CodecScope): ModelTraits {
  const name = modelName(scope);
  if (name === undefined) return unknownModel;
  if (name.startsWith('anthropic.')) return claudeTraits(name);
  return families.find(([pattern]) => pattern.test(name))?.[1] ?? openWeights;
}

const vendor =
  /(?:^|[./])((?:anthropic|amazon|openai|moonshot|moonshotai|mistral|meta|cohere|ai21|deepseek|qwen|google|nvidia|minimax|zai|writer|stability|twelvelabs)\.[^/]+)$/;

/**
 * The asked model's own ID, `amazon.nova-pro-v1:0` for `us.amazon.nova-pro-v1:0` and for ARNs that end so; where it does
 * not tell, the one in the `bedrockModel` setting; undefined where neither does.
 */
export function modelName({ model, settings }: CodecScope): string | undefined {
  return vendor.exec(model)?.[1] ?? vendor.exec(String(settings.bedrockModel ?? ''))?.[1];
}

const basic: ModelTraits = {
  effort: 'none',
  cachePoints: false,
  forcedTools: false,
  structuredOutputs: false,
  replaysReasoning: false,
  resultStatus: false,
  shortToolIds: false,
};

const openWeights: ModelTraits = { ...basic, forcedTools: true, structuredOutputs: true };

const nova: ModelTraits = {
  ...basic,
  topK: ['inferenceConfig', 'topK'],
  cachePoints: true,
  forcedTools: true,
  resultStatus: true,
};

const unknownModel: ModelTraits = {
  effort: 'unknown',
  cachePoints: true,
  forcedTools: true,
  structuredOutputs: true,
  replaysReasoning: true,
  resultStatus: true,
  shortToolIds: false,
};

const families: readonly (readonly [RegExp, ModelTraits])[] = [
  [/^amazon\.nova-2/, { ...nova, effort: 'nova' }],
  [/^amazon\.nova/, nova],
  [/^openai\.gpt-oss/, { ...openWeights, effort: 'flat' }],
  [/^openai\./, { ...openWeights, effort: 'nested', replaysReasoning: true }],
  [/^moonshot/, { ...openWeights, effort: 'flat' }],
  [/^mistral\./, { ...openWeights, topK: ['top_k'], shortToolIds: true }],
  [/^cohere\./, { ...basic, topK: ['k'] }],
  [/^(?:meta|ai21|writer|amazon)\./, basic],
  [/^deepseek\.r1/, basic],
];

function claudeTraits(name: string): ModelTraits {
  const claude = modelFacts(name);
  return {
    claude,
    effort: 'claude',
    topK: ['top_k'],
    cachePoints: true,
    forcedTools: claude.forcedTools,
    structuredOutputs: claude.structuredOutputs && !withoutStructuredOutputs.test(name),
    replaysReasoning: true,
    resultStatus: true,
    shortToolIds: false,
  };
}

/** Claude models whose schemas Anthropic enforces and Bedrock, at the time of writing, refuses. They take forced tools. */
const withoutStructuredOutputs = /claude-(?:opus-4-[78]|(?:opus|sonnet|fable)-5(?!-\d{1,2}(?!\d)))/;
