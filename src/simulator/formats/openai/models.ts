import { createdSeconds } from '../../answer.ts';
import { unescaped } from '../path-part.ts';
import type { Operation, Route } from '../wire-format.ts';

/** `GET /models` and `GET /models/{id}` (OpenAI API reference, "Models"). */
export function modelsRoute(path: string): Route | undefined {
  if (path === '/models') return { operation: modelList, model: undefined, stream: false };
  if (!path.startsWith('/models/')) return undefined;
  return { operation: oneModel, model: unescaped(path.slice('/models/'.length)), stream: false };
}

const modelList: Operation = { reply: (_call, { models }) => ({ json: { object: 'list', data: models.map(model) } }) };
const oneModel: Operation = { reply: (_call, answer) => ({ json: model(answer.model) }) };

function model(id: string) {
  return { id, object: 'model', created: createdSeconds, owned_by: 'modelmux-simulator' };
}
