import type { EmbeddingModel, ImageModel, LanguageModel } from 'ai';

// The names of the specification, out of what `ai` exports: `@ai-sdk/provider` is its dependency, not one of its users'.

/** A language model of the AI SDK's specification v4. */
export type LanguageModelV4 = Extract<LanguageModel, { readonly specificationVersion: 'v4' }>;
/** An embedding model of the AI SDK's specification v4. */
export type EmbeddingModelV4 = Extract<EmbeddingModel, { readonly specificationVersion: 'v4' }>;
/** An image model of the AI SDK's specification v4. */
export type ImageModelV4 = Extract<ImageModel, { readonly specificationVersion: 'v4' }>;

export type CallOptionsV4 = Parameters<LanguageModelV4['doGenerate']>[0];
export type GenerateResult = Awaited<ReturnType<LanguageModelV4['doGenerate']>>;
export type StreamResult = Awaited<ReturnType<LanguageModelV4['doStream']>>;
export type StreamPart = StreamResult['stream'] extends ReadableStream<infer Part> ? Part : never;
export type Content = GenerateResult['content'][number];
export type Warning = GenerateResult['warnings'][number];
export type FinishReason = GenerateResult['finishReason'];
export type Usage = GenerateResult['usage'];
export type ProviderOptions = NonNullable<CallOptionsV4['providerOptions']>;
export type ProviderMetadata = NonNullable<GenerateResult['providerMetadata']>;
export type Tool = NonNullable<CallOptionsV4['tools']>[number];

export type PromptMessage = CallOptionsV4['prompt'][number];
export type UserMessage = Extract<PromptMessage, { readonly role: 'user' }>;
export type AssistantMessage = Extract<PromptMessage, { readonly role: 'assistant' }>;
export type ToolMessage = Extract<PromptMessage, { readonly role: 'tool' }>;
export type UserPart = UserMessage['content'][number];
export type FilePart = Extract<UserPart, { readonly type: 'file' }>;
export type ToolOutput = Extract<ToolMessage['content'][number], { readonly type: 'tool-result' }>['output'];
