import { describeModelTargets, type ModelTarget } from '../../config/describe.ts';
import { liteLlmNames, type Pricing, priceNames } from '../../observe/pricing/own-price.ts';
import { deliverJson } from '../deliver.ts';
import type { Gateway } from '../gateway.ts';
import { mayAsk } from '../keys/issued-key.ts';
import type { ServerContext } from '../server-env.ts';
import { readyCall } from './model-call.ts';
import type { RouteGroup } from './route-group.ts';

/**
 * LiteLLM's `GET /model/info` (`/v1/model/info`), one entry a target, and `/model_group/info`, one a model: of the models that the caller may
 * ask for. No key, no address; prices are those of the config. Source: LiteLLM documentation, "Model Management".
 */
export const litellmModels: RouteGroup = (app, gateway) => {
  for (const path of ['/model/info', '/v1/model/info'])
    app.get(path, async (c) => deliverJson(c, { data: (await targetsFor(c, gateway)).map(toDeployment) }));
  app.get('/model_group/info', async (c) => deliverJson(c, { data: toGroups(await targetsFor(c, gateway)) }));
};

async function targetsFor(c: ServerContext, gateway: Gateway): Promise<readonly ModelTarget[]> {
  const exchange = c.get('exchange');
  exchange.endpoint = 'models';
  const request = { endpoint: 'models', method: 'GET', body: {} } as const;
  const { config } = await readyCall({ asker: exchange, request, signal: c.req.raw.signal }, gateway);
  const issued = exchange.owner?.issued;
  return describeModelTargets(config).filter(({ asked }) => issued === undefined || mayAsk(issued, asked));
}

function toDeployment(found: ModelTarget): object {
  const { asked, path, provider, model = asked, target } = found;
  return {
    model_name: asked,
    litellm_params: { model: `${provider}/${model}` },
    model_info: { id: target.id ?? path, litellm_provider: provider, ...factsOf(found) },
  };
}

type Facts = Readonly<Record<string, number>>;

function factsOf({ target: { max_input_tokens, max_output_tokens, pricing } }: ModelTarget): Facts {
  // A name says whose price in the list it is.
  const prices = typeof pricing === 'object' ? pricesOf(pricing) : {};
  const entries = { max_input_tokens, max_output_tokens, ...prices };
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}

const tokensPerMillion = 1_000_000;

/** Under LiteLLM's names, in US dollars per token. */
function pricesOf(pricing: Pricing): Readonly<Record<string, number | undefined>> {
  return Object.fromEntries(
    priceNames.map((name) => {
      const plain = pricing[name];
      const divisor = name === 'request' ? 1 : tokensPerMillion;
      return [liteLlmNames[name], pricing[liteLlmNames[name]] ?? (plain === undefined ? undefined : plain / divisor)];
    }),
  );
}

/** Of what targets say differently the most counts, as with LiteLLM. */
function toGroups(targets: readonly ModelTarget[]): readonly object[] {
  return [...Map.groupBy(targets, ({ asked }) => asked)].map(([asked, members]) => {
    const facts: Record<string, number> = {};
    for (const [name, value] of members.flatMap((member) => Object.entries(factsOf(member))))
      facts[name] = Math.max(facts[name] ?? 0, value);
    return { model_group: asked, providers: [...new Set(members.map(({ provider }) => provider))], ...facts };
  });
}
