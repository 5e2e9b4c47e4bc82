import { readTokenizer } from '../../config/tokenizer.ts';
import type { Endpoint } from '../../core/endpoint.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { estimateInput, estimateText } from '../../core/token-estimate.ts';
import { readJson } from '../body/read-body.ts';
import { deliverJson } from '../deliver.ts';
import type { RouteGroup } from './route-group.ts';

/**
 * LiteLLM's `POST /utils/token_counter` `{model, messages | prompt}`: tokens of a prompt as limits count them, by the option `tokenizer`. No
 * provider is asked. Source: LiteLLM documentation, "Token Counting".
 */
export const litellmTokens: RouteGroup = (app, { settings }) => {
  const { tokenizer: option } = settings.client;
  const tokenizer = readTokenizer(option);
  app.post('/utils/token_counter', async (c) => {
    c.get('exchange').endpoint = 'admin';
    const body = await readJson(c, settings);
    const model = modelOf(body);
    await tokenizer?.ready();
    const count = tokenizer === undefined ? estimateText : (text: string) => tokenizer.count(text, model);
    return deliverJson(c, {
      total_tokens: estimateInput(endpointOf(body), body, count),
      request_model: model,
      model_used: model,
      tokenizer_type: typeof option === 'string' ? option : option === undefined ? 'approximate' : 'own',
    });
  });
};

function modelOf({ model }: JsonObject): string {
  if (typeof model === 'string' && model !== '') return model;
  throw new InvalidRequestError('model', '"model" is the name of a model, such as "gpt-4o".');
}

function endpointOf({ messages, prompt }: JsonObject): Endpoint {
  if (Array.isArray(messages)) return 'chat/completions';
  if (typeof prompt === 'string') return 'completions';
  throw new InvalidRequestError('messages', 'Give "messages", as a chat completion has them, or "prompt", a text.');
}
