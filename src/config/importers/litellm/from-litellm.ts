import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { leavesOf } from '../../children.ts';
import type { Config } from '../../config.ts';
import { parseConfig } from '../../parse.ts';
import { processEnvironment } from '../../process-environment.ts';
import { createNotes, type ImportWarning } from '../foreign/notes.ts';
import { readDocument } from '../foreign/read-text.ts';
import { type Environment, type Section, sectionOf, toStep } from '../foreign/section.ts';
import { readCache } from './cache.ts';
import { readModels } from './models.ts';
import { rootBudgets } from './money-fields.ts';
import { type RedisWish, routerRedis } from './redis.ts';
import { type LiteLLMServerSettings, serverSettings } from './server-settings.ts';
import { type Settings, settingsOf } from './settings.ts';
import { settingsWithoutCounterpart } from './without-counterpart.ts';

/** A call that waits for a busy deployment gives up after this time where the document bounds it by none. */
const longestWaitSeconds = 60;

/** What a document may need beside itself. */
export interface LiteLLMOptions {
  /** Where `os.environ/NAME`, and keys that the document leaves out, are looked up. Default: the process's own variables. */
  readonly environment?: Environment | undefined;
}

/** What a LiteLLM document comes to. */
export interface LiteLLMImport {
  /** For `new Portkey({ config })`. It holds the document's keys. */
  readonly config: Config;
  /** What else the client should be given. */
  readonly client: {
    /** By which processes are to share limits, cooldowns and budgets; the cache too, unless `cacheRedis` says otherwise. */
    readonly redis?: RedisWish;
    /** Where the cache is to be kept. */
    readonly cacheRedis?: RedisWish;
  };
  readonly server: LiteLLMServerSettings;
  /** What has no counterpart here, or another meaning. */
  readonly warnings: readonly ImportWarning[];
}

/**
 * A config of LiteLLM's proxy, or the arguments of its Router: an object, or JSON or YAML text. Every key is mapped, or named in `warnings`.
 * Deployments of one name become a model group, their parameters lose to the request's, seconds become milliseconds, and the body fields that
 * LiteLLM reads hold for single requests. Throws one `ConfigError` that lists, with their paths, unknown providers and strategies, missing
 * variables, fallbacks that lead nowhere and whatever else cannot be meant.
 */
export function fromLiteLLM(document: unknown, options: LiteLLMOptions = {}): LiteLLMImport {
  const kind = { title: 'LiteLLM document', yaml: '1.1' } as const;
  const given = readDocument(document, kind);
  const notes = createNotes(`Invalid ${kind.title}`);
  const variables = withOwnVariables(given, options.environment ?? processEnvironment());
  const { environment } = variables;
  const root = sectionOf(given, '$', { notes, environment, variableOf });
  const sections = [root, root.section('router_settings'), root.section('litellm_settings')];
  const settings = settingsOf(sections);
  const { fields, wishes } = readAll(root, settings);
  const server = serverSettings(root.section('general_settings'));
  for (const section of sections) section?.finish(settingNames);
  for (const name of variables.unused())
    notes.warn(`$.environment_variables${toStep(name)}`, 'Nobody in this document asks for it.');
  notes.throwIfRefused();
  return {
    // What is wrong all the same is a value that no config may have.
    config: parseConfig({ compat: 'litellm', ...fields } as Config, `Invalid ${kind.title}`),
    client: wishes,
    server,
    warnings: notes.warnings,
  };
}

function readAll(
  root: Section,
  settings: Settings,
): { readonly fields: JsonObject; readonly wishes: LiteLLMImport['client'] } {
  root.object('environment_variables');
  if (root.has('include')) root.refuse('include', 'No files are read here: give one document that holds them all.');
  const models = readModels(root, settings);
  const redis = routerRedis(settings);
  const { cache, redis: cacheRedis } = readCache(settings, redis, root.reading.environment);
  const budget = rootBudgets(settings);
  const priorityKey = settings.holder('default_priority');
  const priority = priorityKey?.number('default_priority', Number.NEGATIVE_INFINITY);
  for (const [key, message] of Object.entries(settingsWithoutCounterpart)) settings.warn(key, message);
  return {
    fields: {
      ...models,
      ...queueFor(models, priority),
      ...(budget.length === 0 ? {} : { budget }),
      ...(cache === undefined ? {} : { cache }),
    },
    wishes: {
      ...(redis === undefined ? {} : { redis }),
      ...(cacheRedis === undefined || cacheRedis === redis ? {} : { cacheRedis }),
    },
  };
}

/** LiteLLM's calls wait for a deployment that is busy; ours in a queue, which a limit that refuses gets too. */
function queueFor(models: JsonObject, priority: number | undefined): JsonObject {
  const { total_timeout, ...root } = models as Config;
  const targets = leavesOf(root);
  const isBusy = targets.some(({ max_concurrency }) => max_concurrency !== undefined);
  const refuses = targets.some(({ rate_limit = [] }) => [rate_limit].flat().some(({ mode }) => mode === 'enforce'));
  if (!isBusy && !refuses && priority === undefined) return {};
  const longest = total_timeout === undefined ? longestWaitSeconds : total_timeout / 1000;
  return {
    queue: {
      ...(isBusy ? { max_wait: longest } : {}),
      ...(priority === undefined ? {} : { default_priority: priority }),
    },
  };
}

/** `os.environ/NAME` */
function variableOf(text: string): string | undefined {
  return /^os\.environ\/(.+)$/.exec(text.trim())?.[1];
}

interface Variables {
  readonly environment: Environment;
  /** Variables of the document's own that nobody asked for. */
  unused(): readonly string[];
}

/** `environment_variables` of the document over those around it. */
function withOwnVariables({ environment_variables: own }: JsonObject, around: Environment): Variables {
  if (!isJsonObject(own)) return { environment: around, unused: () => [] };
  const texts = Object.entries(own).flatMap(([name, value]) => {
    const from = typeof value === 'string' ? variableOf(value) : undefined;
    if (from !== undefined) return [[name, around[from]] as const];
    return ['string', 'number', 'boolean'].includes(typeof value) ? [[name, String(value)] as const] : [];
  });
  const asked = new Set<PropertyKey>();
  const environment = new Proxy<Environment>(
    { ...around, ...Object.fromEntries(texts) },
    {
      get(all, name) {
        asked.add(name);
        return typeof name === 'string' && Object.hasOwn(all, name) ? all[name] : undefined;
      },
    },
  );
  return { environment, unused: () => Object.keys(own).filter((name) => !asked.has(name)) };
}

/** For did-you-mean. */
const settingNames: readonly string[] = [
  'model_list',
  'router_settings',
  'litellm_settings',
  'general_settings',
  'environment_variables',
  'credential_list',
  'num_retries',
  'timeout',
  'stream_timeout',
  'request_timeout',
  'fallbacks',
  'context_window_fallbacks',
  'content_policy_fallbacks',
  'default_fallbacks',
  'max_fallbacks',
  'allowed_fails',
  'allowed_fails_policy',
  'cooldown_time',
  'disable_cooldowns',
  'retry_policy',
  'retry_after',
  'model_group_retry_policy',
  'model_group_alias',
  'routing_strategy',
  'routing_strategy_args',
  'routing_groups',
  'optional_pre_call_checks',
  'enable_pre_call_checks',
  'enable_tag_filtering',
  'provider_budget_config',
  'tag_budget_config',
  'default_litellm_params',
  'default_priority',
  'cache',
  'cache_params',
  'cache_responses',
  'redis_url',
  'redis_host',
  'redis_port',
  'redis_password',
  'drop_params',
  'max_budget',
  'budget_duration',
];
