import { type Conversation, type Item, list, object, type Said, type Wire } from './turns.ts';

/** Reads a Converse request (Amazon Bedrock API reference, "Converse"). Reasoning is not read. */
export function readBedrock({ system, messages }: Wire): Conversation {
  return {
    instructions: list(system).map(({ text }) => String(text)),
    said: list(messages).flatMap(({ role, content }) =>
      list(content)
        .flatMap(itemOf)
        .map((item): Said => [role as Said[0], item]),
    ),
  };
}

function itemOf({ text, image, toolUse, toolResult }: Wire): Item[] {
  if (text !== undefined) return [{ text: String(text) }];
  if (image !== undefined) {
    const { format, source } = object(image);
    return [{ image: `data:image/${format};base64,${object(source).bytes}` }];
  }
  if (toolUse !== undefined) {
    const { toolUseId, name, input } = object(toolUse);
    return [{ call: { id: String(toolUseId), name: String(name), arguments: input } }];
  }
  if (toolResult === undefined) return [];
  const { toolUseId, content } = object(toolResult);
  return [
    {
      result: {
        id: String(toolUseId),
        text: list(content)
          .map((block) => block.text)
          .join(''),
      },
    },
  ];
}
