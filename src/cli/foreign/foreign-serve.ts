import { fromPortkeyLegacy } from '../../config/importers/from-portkey-legacy.ts';
import { fromJavelin } from '../../config/importers/javelin/from-javelin.ts';
import { fromLiteLLM, type LiteLLMImport } from '../../config/importers/litellm/from-litellm.ts';
import { beyondAddress, redisAddress } from '../../config/importers/litellm/redis.ts';
import { ConfigError, type ConfigIssue } from '../../core/errors/config-error.ts';
import type { ListenOptions, ServerOptions } from '../../server/index.ts';
import type { Environment } from '../../vault/env.ts';
import { type FileDocument, fileFailure } from '../files/read-document.ts';
import type { DocumentKind } from './document-kind.ts';

/** What a document says to `serve`. */
export interface ForeignServe {
  readonly options: Pick<
    ServerOptions & ListenOptions,
    'config' | 'routes' | 'adminKey' | 'compat' | 'limits' | 'port'
  >;
  /** The Redis that the document asks for, by address: to share limits through, and to keep cached answers in, where that is another one. */
  readonly redis?: { readonly shared?: string; readonly store?: string };
  /** What has no counterpart here, or another meaning: `litellm.yaml:3:5 $.…: …`. */
  readonly warnings: readonly string[];
}

/** LiteLLM's own port. */
const litellmPort = 8000;

/** Reads another product's document for a server. Throws `CliFailure` that lists what is wrong, with lines. */
export function readForeignServe(
  document: FileDocument,
  kind: Exclude<DocumentKind, 'modelmux'>,
  environment: Environment,
): ForeignServe {
  try {
    const { issues, ...read } = readers[kind](document, environment);
    const warnings = issues.map((issue) => {
      const { line, column } = document.locate(issue.path);
      return `${document.file}:${line}:${column} ${issue.path}: ${issue.message}`;
    });
    return { ...read, warnings };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw fileFailure(
      document,
      error.issues.map((issue) => ({ ...issue, ...document.locate(issue.path) })),
    );
  }
}

interface Read extends Omit<ForeignServe, 'warnings'> {
  readonly issues: readonly ConfigIssue[];
}

type Reader = (document: FileDocument, environment: Environment) => Read;

const readers: Readonly<Record<Exclude<DocumentKind, 'modelmux'>, Reader>> = {
  litellm(document, environment) {
    const imported = fromLiteLLM(document.text, { environment });
    const { masterKey, globalMaxParallelRequests } = imported.server;
    return {
      options: {
        config: imported.config,
        compat: 'litellm',
        port: litellmPort,
        ...(masterKey === undefined ? {} : { adminKey: masterKey }),
        ...(globalMaxParallelRequests === undefined ? {} : { limits: { concurrency: globalMaxParallelRequests } }),
      },
      redis: redisOf(imported),
      issues: [...imported.warnings, ...without(imported)],
    };
  },
  javelin({ value }) {
    const { warnings } = fromJavelin(value);
    return { options: { routes: value as object }, issues: warnings };
  },
  portkey({ value }) {
    const { config, warnings } = fromPortkeyLegacy(value);
    return { options: { config }, issues: warnings };
  },
};

const serverSettings = {
  databaseUrl: ['database_url', 'Keys are kept in the file of --data.'],
  completionModel: ['completion_model', 'A request is served by the model it names.'],
  keyHeaderName: ['litellm_key_header_name', 'Keys are read from the usual headers.'],
  maxParallelRequests: [
    'max_parallel_requests',
    'Give each key its own limit, with "max_parallel_requests" of /key/generate.',
  ],
  healthChecks: ['background_health_checks', 'Targets are watched by the calls they get.'],
} as const;

/** What neither a config nor a server has a place for. */
function without({ server, client }: LiteLLMImport): readonly ConfigIssue[] {
  const settings = Object.entries(serverSettings).flatMap(([name, [key, message]]) =>
    name in server ? [{ path: `$.general_settings.${key}`, message: `No effect: ${message}` }] : [],
  );
  const beyond = [client.redis, client.cacheRedis].flatMap((wish) => (wish === undefined ? [] : beyondAddress(wish)));
  const message = (name: string) => `"${name}" has no effect: a Redis is named by its address alone.`;
  return [...settings, ...beyond.map((name) => ({ path: '$', message: message(name) }))];
}

function redisOf({ client: { redis, cacheRedis } }: LiteLLMImport): NonNullable<ForeignServe['redis']> {
  return {
    ...(redis === undefined ? {} : { shared: redisAddress(redis) }),
    ...(cacheRedis === undefined ? {} : { store: redisAddress(cacheRedis) }),
  };
}
