import type { ChatCompletionFunctionTool, ChatCompletionMessageParam } from '../../../src/core/openai/index.ts';
import type { ChatBody } from '../stage.ts';

/** A picture of one pixel. */
export const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Text of characters of one, two, three and four bytes. */
export const unicode = 'Grüße aus 東京 🙂: this took a while, but now it is done.';

/** A tool with arguments. */
export const weather: ChatCompletionFunctionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string', description: 'Its name' }, days: { type: 'integer' } },
      required: ['city'],
    },
  },
};

/** A tool without. */
export const clock: ChatCompletionFunctionTool = {
  type: 'function',
  function: { name: 'get_time', description: 'The time', parameters: { type: 'object', properties: {} } },
};

/** The schema of {@link person}. */
export const personSchema = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
};

/** What {@link personSchema} allows. */
export const person = { name: 'Zoë', age: 41 };

const messages: ChatCompletionMessageParam[] = [
  { role: 'system', content: 'Answer in German.' },
  { role: 'developer', content: 'Be brief.' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'What is the weather where this was taken?' },
      { type: 'image_url', image_url: { url: pixel } },
    ],
  },
  {
    role: 'assistant',
    content: 'I look it up.',
    tool_calls: [
      { id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Zürich","days":2}' } },
      { id: 'call_b', type: 'function', function: { name: 'get_time', arguments: '{}' } },
    ],
  },
  { role: 'tool', tool_call_id: 'call_a', content: 'Sunny, 21 °C' },
  { role: 'tool', tool_call_id: 'call_b', content: '12:00' },
  { role: 'user', content: 'And tomorrow?' },
];

/** Every kind of message and part, tools and the usual parameters. */
export const richBody: ChatBody = {
  messages,
  tools: [weather, clock],
  tool_choice: 'required',
  max_completion_tokens: 300,
  temperature: 0.5,
  stop: ['END'],
  user: 'user-1',
};

/** Asks for JSON of a schema. */
export const schemaBody: ChatBody = {
  messages: [{ role: 'user', content: 'Who?' }],
  response_format: { type: 'json_schema', json_schema: { name: 'person', schema: personSchema, strict: true } },
};

/** Asks for thinking. */
export const reasoningBody: ChatBody = {
  messages: [{ role: 'user', content: 'Think.' }],
  reasoning_effort: 'low',
  max_completion_tokens: 8000,
};
