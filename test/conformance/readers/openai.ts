import { type Conversation, type Item, list, object, type Said, type Wire } from './turns.ts';

/** Reads `messages` of a chat completion (OpenAI API reference, "Create chat completion"). */
export function readOpenAi({ messages }: Wire): Conversation {
  const instructions: string[] = [];
  const said: Said[] = [];
  for (const message of list(messages)) {
    const items = parts(message.content);
    if (message.role === 'system' || message.role === 'developer') instructions.push(...items.map(textOf));
    else if (message.role === 'tool') {
      said.push(['user', { result: { id: String(message.tool_call_id), text: items.map(textOf).join('') } }]);
    } else if (message.role === 'assistant') {
      said.push(...[...items, ...list(message.tool_calls).map(call)].map((item): Said => ['assistant', item]));
    } else said.push(...items.map((item): Said => ['user', item]));
  }
  return { instructions, said };
}

function parts(content: unknown): readonly Item[] {
  if (typeof content === 'string') return content === '' ? [] : [{ text: content }];
  return list(content).map((part) =>
    part.type === 'image_url' ? { image: String(object(part.image_url).url) } : { text: String(part.text) },
  );
}

function call({ id, function: called }: Wire): Item {
  const { name, arguments: text } = object(called);
  return { call: { id: String(id), name: String(name), arguments: JSON.parse(String(text)) } };
}

function textOf(item: Item): string {
  return 'text' in item ? item.text : JSON.stringify(item);
}
