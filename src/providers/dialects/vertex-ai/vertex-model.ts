import { pathSegment } from '../shared/path-segment.ts';

/** Where a model lives on Vertex AI and whose wire format it speaks. */
export interface VertexModel {
  readonly format: 'gemini' | 'anthropic' | 'openai';
  /** As the publisher calls it, without publisher and collection. */
  readonly name: string;
  /** The model's path below project and location, without a verb. */
  readonly path: string;
  /** OpenAI's format only: how the model is called there, and the verb or path that is asked. */
  readonly call?: 'rawPredict' | 'chat/completions';
  /** OpenAI's format only: the body's `model`. Absent where the path says it all. */
  readonly bodyModel?: string;
}

/**
 * Reads a model's name: `gemini-2.5-flash`, `claude-sonnet-4@20250514`, `publisher/model`, Portkey's `publisher.model`, a
 * resource name `publishers/…/models/…`, `endpoints/123` or Portkey's `endpoints.123` for a model of one's own behind
 * OpenAI's format, `123` for a tuned Gemini. Claude and Mistral take `rawPredict`, other publishers the `openapi` endpoint.
 * Source: "Partner models", "Open models as MaaS" and "Tuned models", Vertex AI docs.
 */
export function vertexModel(model: string): VertexModel {
  const { publisher, name } = split(model.replace(/^models\//, ''));
  const path = `/publishers/${pathSegment(publisher)}/models/${pathSegment(name)}`;
  switch (publisher) {
    case 'google':
      return { format: 'gemini', name, path: /^\d+$/.test(name) ? `/endpoints/${name}` : path };
    case 'anthropic':
      return { format: 'anthropic', name, path };
    case 'mistralai':
    case 'ai21':
      return { format: 'openai', name, path, call: 'rawPredict', bodyModel: name };
    case 'endpoints':
      return { format: 'openai', name, path: `/endpoints/${pathSegment(name)}`, call: 'chat/completions' };
    default:
      return {
        format: 'openai',
        name,
        path: '/endpoints/openapi',
        call: 'chat/completions',
        bodyModel: `${publisher}/${name}`,
      };
  }
}

interface Named {
  readonly publisher: string;
  readonly name: string;
}

const forms = [
  /^publishers\/(?<publisher>[^/]+)\/models\/(?<name>.+)$/,
  /^(?<publisher>[^/]+)\/(?<name>.+)$/,
  /^(?<publisher>google|anthropic|meta|mistralai|endpoints)\.(?<name>.+)$/,
];

function split(model: string): Named {
  for (const form of forms) {
    const { publisher, name } = form.exec(model)?.groups ?? {};
    if (publisher !== undefined && name !== undefined) return { publisher, name };
  }
  return { publisher: publisherOf(model), name: model };
}

function publisherOf(model: string): string {
  if (model.startsWith('claude-')) return 'anthropic';
  if (/^(?:mistral|codestral|ministral)-/.test(model)) return 'mistralai';
  return model.startsWith('jamba-') ? 'ai21' : 'google';
}
