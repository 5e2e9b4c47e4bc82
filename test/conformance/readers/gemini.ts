import { type Conversation, type Item, list, object, type Said, type Wire } from './turns.ts';

/**
 * Reads a request for content (Gemini API reference, "Content"). Thoughts are not read. Calls and results without IDs, as
 * on Vertex AI, are paired as Google does it: the nth result of a turn answers the nth call of the turn before.
 */
export function readGemini({ systemInstruction, contents }: Wire): Conversation {
  let open: string[] = [];
  let calls = 0;
  const itemOf = (part: Wire): Item[] => {
    if (part.thought === true) return [];
    if (part.text !== undefined) return [{ text: String(part.text) }];
    if (part.inlineData !== undefined) {
      const { mimeType, data } = object(part.inlineData);
      return [{ image: `data:${mimeType};base64,${data}` }];
    }
    if (part.functionCall !== undefined) {
      const { id, name, args } = object(part.functionCall);
      const known = String(id ?? `call ${calls++}`);
      open.push(known);
      return [{ call: { id: known, name: String(name), arguments: args } }];
    }
    const { id, response } = object(part.functionResponse);
    return [{ result: { id: String(id ?? open.shift()), text: resultText(object(response)) } }];
  };
  const said = list(contents).flatMap(({ role, parts }): Said[] => {
    if (role === 'model') open = [];
    return list(parts)
      .flatMap(itemOf)
      .map((item) => [role === 'model' ? 'assistant' : 'user', item]);
  });
  return { instructions: list(object(systemInstruction).parts).map(({ text }) => String(text)), said };
}

/** Text is `{result}`; a JSON object goes as it is. */
function resultText(response: Wire): string {
  return Object.keys(response).join() === 'result' ? String(response.result) : JSON.stringify(response);
}
