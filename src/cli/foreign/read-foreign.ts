import type { Config } from '../../config/config.ts';
import { fromPortkeyLegacy } from '../../config/importers/from-portkey-legacy.ts';
import { fromJavelin } from '../../config/importers/javelin/from-javelin.ts';
import { fromLiteLLM, type LiteLLMImport } from '../../config/importers/litellm/from-litellm.ts';
import type { ConfigIssue } from '../../core/errors/config-error.ts';
import type { Environment } from '../../vault/env.ts';
import type { FileDocument } from '../files/read-document.ts';
import type { DocumentKind } from './document-kind.ts';

/** What a document of another product comes to. */
export interface ForeignConfigs {
  /** By the name of the route; under an empty name where the document is one config. */
  readonly configs: Readonly<Record<string, Config>>;
  /** What has no counterpart here, or another meaning. */
  readonly warnings: readonly ConfigIssue[];
}

/** Reads a document as what `kind` says it is. Throws `ConfigError`. */
export function readForeign(
  { value, text }: FileDocument,
  kind: Exclude<DocumentKind, 'modelmux'>,
  environment: Environment,
): ForeignConfigs {
  switch (kind) {
    case 'portkey': {
      const { config, warnings } = fromPortkeyLegacy(value);
      return { configs: { '': config }, warnings };
    }
    case 'javelin': {
      const { configs, warnings } = fromJavelin(value);
      return { configs, warnings };
    }
    case 'litellm': {
      // The text itself: LiteLLM's YAML is an older one.
      const imported = fromLiteLLM(text, { environment });
      return { configs: { '': imported.config }, warnings: [...imported.warnings, ...besides(imported)] };
    }
  }
}

/** What a config has no place for, but a client or a server has. */
function besides({ client, server }: LiteLLMImport): readonly ConfigIssue[] {
  const settings = Object.keys(server);
  return [
    ...(client.redis === undefined
      ? []
      : [
          {
            path: '$',
            message: 'It asks for Redis. Give the client a "store" that uses it; a config has no place for it.',
          },
        ]),
    ...(settings.length === 0
      ? []
      : [{ path: '$.general_settings', message: `For a server, not for a config: ${settings.join(', ')}.` }]),
  ];
}
