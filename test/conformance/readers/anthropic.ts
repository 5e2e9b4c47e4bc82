import { type Conversation, type Item, list, object, type Said, type Wire } from './turns.ts';

/** Reads a message request (Claude API reference, "Create a Message"). Thinking is not read. */
export function readAnthropic({ system, messages }: Wire): Conversation {
  return {
    instructions: blocks(system).map(({ text }) => String(text)),
    said: list(messages).flatMap(({ role, content }) =>
      blocks(content)
        .flatMap(itemOf)
        .map((item): Said => [role as Said[0], item]),
    ),
  };
}

function blocks(content: unknown): readonly Wire[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : list(content);
}

function itemOf(block: Wire): Item[] {
  switch (block.type) {
    case 'text':
      return [{ text: String(block.text) }];
    case 'image': {
      const { media_type: type, data } = object(block.source);
      return [{ image: `data:${type};base64,${data}` }];
    }
    case 'tool_use':
      return [{ call: { id: String(block.id), name: String(block.name), arguments: block.input } }];
    case 'tool_result':
      return [
        {
          result: {
            id: String(block.tool_use_id),
            text: blocks(block.content)
              .map(({ text }) => text)
              .join(''),
          },
        },
      ];
    default:
      return [];
  }
}
