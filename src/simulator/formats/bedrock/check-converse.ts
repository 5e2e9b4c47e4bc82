import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Call, Failure } from '../wire-format.ts';

/** What Bedrock refuses in a Converse request; the parts a translation may get wrong. */
export function checkConverse({ body }: Call): Failure | undefined {
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0) {
    return refused("Value at 'messages' failed to satisfy constraint: Member must not be null or empty");
  }
  for (const [index, message] of messages.entries()) {
    const failure = checkMessage(message, index, messages[index - 1]);
    if (failure !== undefined) return failure;
  }
  return checkToolTurns(messages as readonly JsonObject[], body.toolConfig !== undefined);
}

function refused(message: string): Failure {
  return { kind: 'invalid_request', message };
}

function checkMessage(message: unknown, index: number, previous: unknown): Failure | undefined {
  if (!isJsonObject(message))
    return refused(`Value at 'messages.${index}' failed to satisfy constraint: it must be an object`);
  const { role, content } = message;
  if (role !== 'user' && role !== 'assistant') {
    return refused(
      `Value at 'messages.${index + 1}.member.role' failed to satisfy constraint: Member must satisfy enum value set: [user, assistant]`,
    );
  }
  if (index === 0 && role !== 'user')
    return refused(
      'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    );
  if (isJsonObject(previous) && previous.role === role) {
    return refused(
      'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.',
    );
  }
  if (!Array.isArray(content) || content.length === 0) {
    return refused(
      `The content field in the Message object at messages.${index} is empty. Add a ContentBlock object to the content field and try again.`,
    );
  }
  const blank = content.findIndex(
    (block) => isJsonObject(block) && typeof block.text === 'string' && block.text.trim() === '',
  );
  if (blank < 0) return undefined;
  return refused(
    `The text field in the ContentBlock object at messages.${index}.content.${blank} is blank. Add text to the text field, and try again.`,
  );
}

/** Every use of a tool is answered in the next message, and nothing else is. */
function checkToolTurns(messages: readonly JsonObject[], configured: boolean): Failure | undefined {
  let asked: readonly string[] = [];
  let used = false;
  for (const [index, message] of messages.entries()) {
    const answered = ids(message, 'toolResult');
    if (answered.length > asked.length) {
      return refused(
        `The number of toolResult blocks at messages.${index}.content exceeds the number of toolUse blocks of previous turn.`,
      );
    }
    const open = asked.filter((id) => !answered.includes(id));
    if (open.length > 0) return expected(index, open);
    asked = ids(message, 'toolUse');
    used ||= asked.length > 0;
  }
  if (asked.length > 0) return expected(messages.length, asked);
  return used && !configured
    ? refused('The toolConfig field must be defined when using toolUse and toolResult content blocks.')
    : undefined;
}

function expected(index: number, open: readonly string[]): Failure {
  return refused(`Expected toolResult blocks at messages.${index}.content for the following Ids: ${open.join(', ')}`);
}

function ids({ content }: JsonObject, name: string): readonly string[] {
  const blocks = (content as readonly unknown[]).filter(isJsonObject).map((block) => block[name]);
  return blocks.filter(isJsonObject).map((block) => String(block.toolUseId));
}
