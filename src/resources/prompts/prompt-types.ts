import type { ChatCompletion, ChatCompletionChunk } from '../../core/openai/index.ts';
import type { ReplyFacts } from '../reply-value.ts';
import type { ResponsePromise } from '../response-promise.ts';
import type { CallArguments } from '../send.ts';
import type { Stream } from '../stream.ts';

/** `portkey.prompts`, with Portkey's payloads: templates with variables, in versions, kept as the option `prompts` says. */
export interface Prompts {
  create(body: PromptCreateParams): Promise<PromptWritten>;
  retrieve(slug: string): Promise<PromptObject>;
  list(query?: PromptListParams): Promise<PromptList<PromptSummary>>;
  /** Adds a version: members that are not given stay. It is used once it is published, or where it is named. */
  update(slug: string, body: PromptUpdateParams): Promise<PromptWritten>;
  /** Makes a version the one that is used where none is named. */
  publish(slug: string, body: { readonly version: number }): Promise<PromptWritten>;
  delete(slug: string): Promise<PromptDeleted>;
  /** The request that a prompt makes of these variables; nothing is sent. */
  render(body: PromptRunParams): Promise<PromptRendered>;
  readonly versions: PromptVersions;
  readonly completions: PromptCompletions;
}

/** `portkey.prompts.versions` */
export interface PromptVersions {
  /** The latest first. */
  list(slug: string): Promise<PromptList<PromptVersionObject>>;
  /** `version`: its number, or a label. */
  retrieve(slug: string, version: number | string): Promise<PromptObject>;
  /** Puts a label on a version; it goes away from the one that had it. */
  update(slug: string, version: number | string, body: { readonly label_id: string }): Promise<PromptWritten>;
}

/** `portkey.prompts.completions` */
export interface PromptCompletions {
  /**
   * Renders a prompt and sends it: a chat completion, or a completion for a template that is one text. The prompt's virtual key is asked
   * unless the call names a config, provider or virtual key.
   */
  create(
    body: PromptRunParams & { readonly stream: true },
    ...args: CallArguments
  ): ResponsePromise<Stream<ChatCompletionChunk>>;
  create(
    body: PromptRunParams & { readonly stream?: false | null | undefined },
    ...args: CallArguments
  ): ResponsePromise<ChatCompletion & ReplyFacts>;
  create(
    body: PromptRunParams,
    ...args: CallArguments
  ): ResponsePromise<(ChatCompletion & ReplyFacts) | Stream<ChatCompletionChunk>>;
}

/** What a version of a prompt is made of. */
export interface PromptUpdateParams {
  readonly name?: string | undefined;
  /** Messages, or their JSON; or the text of a completion. With `{{variables}}`, in Mustache's syntax. */
  readonly string?: string | readonly object[] | undefined;
  /** Members of the request: `temperature`, `max_tokens`, … */
  readonly parameters?: object | undefined;
  /** Virtual key of the provider that is asked. */
  readonly virtual_key?: string | undefined;
  readonly model?: string | undefined;
  readonly functions?: readonly object[] | undefined;
  readonly tools?: readonly object[] | undefined;
  readonly tool_choice?: object | string | undefined;
  readonly version_description?: string | undefined;
  /** Taken and not kept: it is for Portkey's own editor. */
  readonly template_metadata?: object | undefined;
  /** Taken and not kept: there are no collections here. */
  readonly collection_id?: string | undefined;
}

/** A new prompt. */
export interface PromptCreateParams extends PromptUpdateParams {
  readonly name: string;
  readonly string: string | readonly object[];
  /** Its ID; made of the name when absent: `pp-summary-1f3a5c`. */
  readonly slug?: string | undefined;
}

/** Which prompts. */
export interface PromptListParams {
  /** Part of the name or slug, in whatever case. */
  readonly search?: string | undefined;
  /** From 0; with `page_size`. */
  readonly current_page?: number | undefined;
  readonly page_size?: number | undefined;
}

/** A prompt to render or send; other members beat those of the prompt. */
export interface PromptRunParams {
  /** `pp-summary-1f3a5c`: the published version; `…@3`, `…@latest`, `…@production`: that version. */
  readonly promptID: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly stream?: boolean | null | undefined;
  readonly [member: string]: unknown;
}

/** Answer to what writes. */
export interface PromptWritten {
  readonly id: string;
  readonly slug: string;
  readonly version: number;
  readonly version_id: string;
  readonly prompt_version_id: string;
  readonly object: 'prompt';
}

/** Answer to `delete`. */
export interface PromptDeleted {
  readonly slug: string;
  readonly deleted: true;
  readonly object: 'prompt';
}

/** One prompt of a list. */
export interface PromptSummary {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly model: string | null;
  readonly status: 'active';
  readonly created_at: string;
  readonly last_updated_at: string;
  readonly object: 'prompt';
}

/** A prompt, as one of its versions. */
export interface PromptObject extends PromptSummary {
  /** Messages as JSON, or the text of a completion. */
  readonly string: string;
  readonly parameters: object;
  readonly virtual_key: string | null;
  readonly prompt_version: number;
  readonly prompt_version_id: string;
  /** `published`: the one that is used where none is named. */
  readonly prompt_version_status: 'published' | 'archived';
  readonly prompt_version_description: string | null;
  readonly labels: readonly string[];
}

/** One version of a list. */
export interface PromptVersionObject {
  readonly id: string;
  readonly prompt_version: number;
  readonly prompt_template: string;
  readonly prompt_description: string | null;
  readonly prompt_version_status: 'published' | 'archived';
  readonly prompt_version_label_id: string | null;
  readonly labels: readonly string[];
  readonly created_at: string;
  readonly object: 'prompt';
}

/** Portkey's list. */
export interface PromptList<Item> {
  readonly object: 'list';
  readonly total: number;
  readonly data: readonly Item[];
}

/** Answer to `render`. */
export interface PromptRendered {
  readonly success: true;
  readonly data: Readonly<Record<string, unknown>>;
}
