import type { LooseItem } from './response-items.ts';

/** An entry of a response's `tools`. Named `Tool` in the `openai` package. */
export type ResponseTool =
  | FunctionTool
  | CustomTool
  | WebSearchTool
  | WebSearchPreviewTool
  | FileSearchTool
  | CodeInterpreterTool
  | McpTool
  | LooseItem<OtherToolType>;

/** Kinds of tool whose members are passed on as they are. */
export type OtherToolType =
  | 'apply_patch'
  | 'computer'
  | 'computer_use_preview'
  | 'image_generation'
  | 'local_shell'
  | 'namespace'
  | 'programmatic_tool_calling'
  | 'shell'
  | 'tool_search';

type AllowedCallers = ('direct' | 'programmatic')[] | null;

/** A function the model may call. */
export interface FunctionTool {
  type: 'function';
  name: string;
  /** JSON Schema. */
  parameters: { [key: string]: unknown } | null;
  strict: boolean | null;
  description?: string | null | undefined;
  allowed_callers?: AllowedCallers | undefined;
  async?: boolean | undefined;
  defer_loading?: boolean | undefined;
  output_schema?: { [key: string]: unknown } | null | undefined;
}

/** A tool whose input is free text, or text of a grammar. */
export interface CustomTool {
  type: 'custom';
  name: string;
  description?: string | undefined;
  format?: { type: 'text' } | { type: 'grammar'; definition: string; syntax: 'lark' | 'regex' } | undefined;
  allowed_callers?: AllowedCallers | undefined;
  async?: boolean | undefined;
  defer_loading?: boolean | undefined;
}

/** Search on the web. */
export interface WebSearchTool {
  type: 'web_search' | 'web_search_2025_08_26';
  external_web_access?: boolean | undefined;
  filters?: { allowed_domains?: string[] | null | undefined } | null | undefined;
  search_context_size?: 'low' | 'medium' | 'high' | undefined;
  user_location?: (SearchLocation & { type?: 'approximate' | undefined }) | null | undefined;
}

/** Search on the web, earlier form. */
export interface WebSearchPreviewTool {
  type: 'web_search_preview' | 'web_search_preview_2025_03_11';
  search_content_types?: ('text' | 'image')[] | undefined;
  search_context_size?: 'low' | 'medium' | 'high' | undefined;
  user_location?: (SearchLocation & { type: 'approximate' }) | null | undefined;
}

interface SearchLocation {
  city?: string | null | undefined;
  country?: string | null | undefined;
  region?: string | null | undefined;
  timezone?: string | null | undefined;
}

/** Search in vector stores. */
export interface FileSearchTool {
  type: 'file_search';
  vector_store_ids: string[];
  filters?: ComparisonFilter | CompoundFilter | null | undefined;
  /** 1 to 50. */
  max_num_results?: number | undefined;
  ranking_options?:
    | {
        hybrid_search?: { embedding_weight: number; text_weight: number } | undefined;
        ranker?: 'auto' | 'default-2024-11-15' | undefined;
        score_threshold?: number | undefined;
      }
    | undefined;
}

/** Compares an attribute of a file. */
export interface ComparisonFilter {
  type: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'nin';
  key: string;
  value: string | number | boolean | (string | number)[];
}

/** Combines filters; those within may be compound themselves. */
export interface CompoundFilter {
  type: 'and' | 'or';
  filters: unknown[];
}

/** Runs Python in a container: an ID, or one made for the call. */
export interface CodeInterpreterTool {
  type: 'code_interpreter';
  container:
    | string
    | {
        type: 'auto';
        file_ids?: string[] | undefined;
        memory_limit?: '1g' | '4g' | '16g' | '64g' | null | undefined;
        network_policy?: LooseItem<'disabled' | 'allowlist'> | undefined;
      };
  allowed_callers?: AllowedCallers | undefined;
}

/** Tools of a server that speaks the Model Context Protocol. */
export interface McpTool {
  type: 'mcp';
  server_label: string;
  server_url?: string | undefined;
  server_description?: string | undefined;
  connector_id?: string | undefined;
  tunnel_id?: string | undefined;
  authorization?: string | undefined;
  headers?: { [key: string]: string } | null | undefined;
  allowed_tools?: string[] | McpToolFilter | null | undefined;
  require_approval?:
    | { always?: McpToolFilter | undefined; never?: McpToolFilter | undefined }
    | 'always'
    | 'never'
    | null
    | undefined;
  allowed_callers?: AllowedCallers | undefined;
  defer_loading?: boolean | undefined;
}

/** Names tools by what they do or are called. */
export interface McpToolFilter {
  read_only?: boolean | undefined;
  tool_names?: string[] | undefined;
}

/** Which tools the model may or must call. */
export type ResponseToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | { type: 'allowed_tools'; mode: 'auto' | 'required'; tools: { [key: string]: unknown }[] }
  | { type: 'function'; name: string }
  | { type: 'custom'; name: string }
  | { type: 'mcp'; server_label: string; name?: string | null | undefined }
  | {
      type:
        | 'file_search'
        | 'web_search_preview'
        | 'computer'
        | 'computer_use_preview'
        | 'computer_use'
        | 'web_search_preview_2025_03_11'
        | 'image_generation'
        | 'code_interpreter'
        | 'mcp';
    }
  | { type: 'programmatic_tool_calling' }
  | { type: 'apply_patch' }
  | { type: 'shell' };
