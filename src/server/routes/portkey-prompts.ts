import type { JsonObject } from '../../core/json.ts';
import type {
  PromptCreateParams,
  PromptListParams,
  PromptRunParams,
  PromptUpdateParams,
} from '../../resources/prompts/prompt-types.ts';
import { promptAdmin, rendered } from '../../resources/prompts/prompts.ts';
import { readJson } from '../body/read-body.ts';
import type { Exchange } from '../exchange.ts';
import type { Gateway } from '../gateway.ts';
import { administrators } from '../middleware/auth.ts';
import type { ServerContext } from '../server-env.ts';
import { adminAnswer } from './admin-answer.ts';
import type { Asker } from './model-call.ts';
import { queryOf, relayed } from './relay.ts';
import type { RouteGroup } from './route-group.ts';

/**
 * Portkey's `/v1/prompts`: written with the admin key, rendered and sent with any key of the server. Source: Portkey API reference, "Prompts".
 */
export const portkeyPrompts: RouteGroup = (app, gateway) => {
  const { prompts: book } = gateway;
  const prompts = promptAdmin(book);
  const admin = administrators(gateway.keys);
  const [all, single, version] = ['/v1/prompts', '/v1/prompts/:id', '/v1/prompts/:id/versions/:version'];
  const told = (c: ServerContext, answer: Promise<object>) => adminAnswer(c, answer, 'string');
  const bodyOf = async <Body>(c: ServerContext) => (await readJson(c, gateway.settings)) as unknown as Body;
  app.get(all, admin, (c) => told(c, prompts.list(listParams(queryOf(c)))));
  app.post(all, admin, async (c) => told(c, prompts.create(await bodyOf<PromptCreateParams>(c))));
  app.get(single, admin, (c) => told(c, prompts.retrieve(param(c, 'id'))));
  app.put(single, admin, async (c) => told(c, prompts.update(param(c, 'id'), await bodyOf<PromptUpdateParams>(c))));
  app.delete(single, admin, (c) => told(c, prompts.delete(param(c, 'id'))));
  app.put(`${single}/makeDefault`, admin, async (c) =>
    told(c, prompts.publish(param(c, 'id'), await bodyOf<{ version: number }>(c))),
  );
  app.get(`${single}/versions`, admin, (c) => told(c, prompts.versions.list(param(c, 'id'))));
  app.get(version, admin, (c) => told(c, prompts.versions.retrieve(param(c, 'id'), param(c, 'version'))));
  app.put(version, admin, async (c) =>
    told(c, prompts.versions.update(param(c, 'id'), param(c, 'version'), await bodyOf<{ label_id: string }>(c))),
  );
  app.post(`${single}/render`, async (c) => told(c, prompts.render(runOf(c, await bodyOf<JsonObject>(c)))));
  app.post(`${single}/completions`, async (c) => send(c, gateway, runOf(c, await bodyOf<JsonObject>(c))));
};

function param(c: ServerContext, name: 'id' | 'version'): string {
  return c.req.param(name) ?? '';
}

/** The path names the prompt; `portkey-ai` says it in the body once more. */
function runOf(c: ServerContext, { promptID: _, prompt_id: __, ...body }: JsonObject): PromptRunParams {
  return { ...body, promptID: param(c, 'id') };
}

async function send(c: ServerContext, gateway: Gateway, body: PromptRunParams): Promise<Response> {
  const { request, virtualKey } = await rendered(gateway.prompts, body);
  const exchange = c.get('exchange');
  exchange.endpoint = request.endpoint;
  return relayed(c, gateway, { request, asker: withKey(exchange, virtualKey) });
}

const choosing = ['x-portkey-config', 'x-portkey-provider', 'x-portkey-virtual-key'];

/** A request that says itself who is asked is not led elsewhere. */
function withKey(exchange: Exchange, virtualKey: string | undefined): Asker {
  const { headers } = exchange;
  if (virtualKey === undefined || choosing.some((name) => headers[name] !== undefined)) return exchange;
  return { ...exchange, headers: { ...headers, 'x-portkey-virtual-key': virtualKey } };
}

function listParams(query: URLSearchParams): PromptListParams {
  const [search, current, size] = ['search', 'current_page', 'page_size'].map((name) => query.get(name));
  return {
    ...(search == null ? {} : { search }),
    ...(current == null ? {} : { current_page: Number(current) }),
    ...(size == null ? {} : { page_size: Number(size) }),
  };
}
