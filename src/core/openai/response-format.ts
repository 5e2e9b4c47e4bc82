/** The form an answer must have. */
export type ResponseFormat = ResponseFormatText | ResponseFormatJSONObject | ResponseFormatJSONSchema;

/** Any text; what an absent `response_format` means. */
export interface ResponseFormatText {
  type: 'text';
}

/** Any JSON object. The prompt must ask for JSON as well. */
export interface ResponseFormatJSONObject {
  type: 'json_object';
}

/** JSON that fits a schema (structured outputs). */
export interface ResponseFormatJSONSchema {
  type: 'json_schema';
  json_schema: ResponseFormatJSONSchema.JSONSchema;
}

export declare namespace ResponseFormatJSONSchema {
  /** A named JSON Schema. With `strict`, every property must be required and no other allowed. */
  interface JSONSchema {
    /** Letters, digits, underscores and dashes, at most 64. */
    name: string;
    description?: string | undefined;
    schema?: { [key: string]: unknown } | undefined;
    strict?: boolean | null | undefined;
  }
}
