import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import { chat, deepFreeze, encodeConversation, scopeOf } from './support.ts';

const ink = fc.stringMatching(/^[a-zé ]{0,5}[a-zé]$/);
const id = fc.stringMatching(/^[a-z0-9_-]{8}$/);
const input = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
const block = fc.oneof(
  fc.record({ type: fc.constant('text'), text: ink, citations: fc.constant(null) }),
  fc.record({ type: fc.constant('thinking'), thinking: ink, signature: id }),
  fc.record({ type: fc.constant('redacted_thinking'), data: id }),
  fc.record({ type: fc.constant('tool_use'), id, name: fc.constantFrom('f', 'g'), input }),
  fc.record({ type: fc.constant('server_tool_use'), id, name: fc.constant('web_search'), input }),
);
const content = fc.uniqueArray(block, {
  minLength: 1,
  maxLength: 6,
  selector: (made) => ('id' in made ? made.id : made),
});

const sentBack = (message: JsonObject) => {
  const { messages } = encodeConversation([{ role: 'user', content: 'Hi' }, message, { role: 'user', content: 'Bye' }]);
  return (messages as { role: string; content: unknown }[]).find(({ role }) => role === 'assistant')?.content;
};
const messageOf = (completion: JsonObject) => (completion['choices'] as { message: JsonObject }[])[0]!.message;

describe('a reply sent back in the next request', () => {
  it('is the message the model wrote, block by block', () => {
    fc.assert(
      fc.property(content, (blocks) => {
        const reply = deepFreeze({ id: 'm', content: blocks, stop_reason: 'end_turn' });
        // Through JSON, as any caller that stores a conversation does.
        const message = JSON.parse(JSON.stringify(messageOf(chat.decode(reply, scopeOf({ strict: false })))));
        expect(sentBack(message)).toEqual(JSON.parse(JSON.stringify(blocks)));
      }),
      { numRuns: 300 },
    );
  });

  it('leaves out its thinking when strict, as signatures are not OpenAI’s', () => {
    const blocks = [
      { type: 'thinking', thinking: 'Hm', signature: 's' },
      { type: 'text', text: 'Hi' },
      { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } },
    ];
    const message = messageOf(chat.decode({ content: blocks }, scopeOf({ strict: true })));
    expect(sentBack(message)).toEqual(blocks.slice(1));
  });
});
