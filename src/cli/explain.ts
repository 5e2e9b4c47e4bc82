import { type Command, Option } from 'commander';
import { orderOf } from '../config/plan/order.ts';
import type { PlannedRequest } from '../config/plan/plan.ts';
import { planRequest } from '../config/plan/plan-request.ts';
import type { JsonObject } from '../core/json.ts';
import { modelRequestOf, routeOf } from '../resources/http/index.ts';
import { planMermaid } from './explain/plan-mermaid.ts';
import { planText } from './explain/plan-text.ts';
import { readConfigFile } from './files/config-file.ts';
import type { CliIo } from './io.ts';
import { jsonObject, keyValue } from './option-values.ts';
import { painter } from './style.ts';

/** Adds `modelmux explain`: says what would become of a request, without sending it. */
export function addExplain(program: Command, io: CliIo): void {
  program
    .command('explain')
    .description('Say what a config would do with a request: who is tried, in which order, and why. Nothing is sent.')
    .argument('<file>', 'config file, or - for standard input')
    .option('-r, --request <json>', 'body of the request as JSON, or @file', jsonObject, defaultBody)
    .option('-m, --metadata <key=value>', 'metadata of the request; repeatable', keyValue, {})
    .option('-p, --path <path>', 'path of the request', '/v1/chat/completions')
    .addOption(
      new Option('-f, --format <format>', 'how to say it').choices(['text', 'mermaid', 'json']).default('text'),
    )
    .option('--json', 'the same as --format json')
    .addHelpText('after', examples)
    .action((file: string, options: ExplainOptions) => explain(file, options, io));
}

const defaultBody: JsonObject = { messages: [{ role: 'user', content: 'Hello' }] };

const examples = `
Examples:
  $ modelmux explain config.yaml
  $ modelmux explain config.yaml --request '{"model":"gpt-4o","max_tokens":2000}' --metadata plan=paid
  $ modelmux explain config.yaml --request @request.json --format mermaid > plan.mmd
`;

interface ExplainOptions {
  readonly request: JsonObject;
  readonly metadata: Readonly<Record<string, string>>;
  readonly path: string;
  readonly format: 'text' | 'mermaid' | 'json';
  readonly json?: boolean;
}

async function explain(file: string, options: ExplainOptions, io: CliIo): Promise<void> {
  const config = await readConfigFile(file, io);
  const planned = plannedRequest(options);
  const plan = planRequest(config, planned);
  const format = options.json ? 'json' : options.format;
  if (format === 'mermaid') io.stdout(planMermaid(plan));
  else if (format === 'json') io.stdout(`${JSON.stringify({ plan, order: orderOf(plan) }, undefined, 2)}\n`);
  else io.stdout(planText(plan, planned, painter(io)));
}

function plannedRequest({ request: body, metadata, path }: ExplainOptions): PlannedRequest {
  const { pathname, searchParams } = new URL(path, 'http://localhost');
  const route = routeOf('POST', pathname);
  // What only a target would miss says nothing about the way to it.
  const request =
    route.path === undefined
      ? { endpoint: route.endpoint, body }
      : modelRequestOf(route, { body, query: searchParams });
  return { request, metadata, pathname };
}
