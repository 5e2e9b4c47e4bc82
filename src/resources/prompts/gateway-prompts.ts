import type { JsonObject } from '../../core/json.ts';
import { objectPath } from '../call-path.ts';
import type { Caller } from '../caller.ts';
import { toWhole } from '../reply-value.ts';
import { send } from '../send.ts';
import type { PromptRenderer, RenderedPrompt } from './prompt-completions.ts';
import type { PromptListParams, PromptRunParams } from './prompt-types.ts';
import { type PromptAdmin, readRun } from './prompts.ts';

/** The prompts that a gateway keeps: hosted Portkey, or `modelmux serve`. */
export function gatewayPrompts(caller: Caller): PromptAdmin & PromptRenderer {
  const ask = async <Answer extends object>(method: string, path: string, body: JsonObject = {}): Promise<Answer> =>
    send(caller, () => ({ endpoint: 'proxy', method, path, body }), [], toWhole<Answer>);
  const at = (slug: string, below?: string) => objectPath('prompts', slug, below);
  return {
    create: (body) => ask('POST', '/prompts', { ...body }),
    retrieve: async (slug) => ask('GET', at(slug)),
    list: (query = {}) => ask('GET', `/prompts${searchOf(query)}`),
    update: async (slug, body) => ask('PUT', at(slug), { ...body }),
    publish: async (slug, body) => ask('PUT', at(slug, 'makeDefault'), { ...body }),
    delete: async (slug) => ask('DELETE', at(slug)),
    async render(body) {
      const { promptID, variables, overrides } = readRun(body);
      return ask('POST', at(promptID, 'render'), { variables: variables ?? {}, ...overrides });
    },
    toRequest: async (body) => toCall(body),
    versions: {
      list: async (slug) => ask('GET', at(slug, 'versions')),
      retrieve: async (slug, version) => ask('GET', at(slug, `versions/${encodeURIComponent(version)}`)),
      update: async (slug, version, body) =>
        ask('PUT', at(slug, `versions/${encodeURIComponent(version)}`), { ...body }),
    },
  };
}

/** How a gateway is asked for the completion of a prompt. */
function toCall(given: PromptRunParams): RenderedPrompt {
  const { promptID, variables, overrides } = readRun(given);
  const body = { variables: variables ?? {}, ...overrides };
  const path = objectPath('prompts', promptID, 'completions');
  return { request: { endpoint: 'chat/completions', path, body } };
}

function searchOf(query: PromptListParams): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}
