/**
 * Name of the tool whose input is the answer, for models that cannot be held to a JSON format otherwise. Reserved: a call
 * of it in a reply is the reply's content.
 */
export const jsonToolName = 'json_answer__';

/**
 * Name of the tool sent where no tool may be called, but the history holds calls: Bedrock then asks for at least one tool.
 * Reserved: a call of it in a reply is dropped.
 */
export const placeholderToolName = 'no_tool__';
