import type { Endpoint } from '../../core/endpoint.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { type Backend, jsonOf } from './backend.ts';
import { callError } from './call-error.ts';
import { servedHeadersOf } from './facts.ts';
import type { ImageModelV4, Warning } from './spec.ts';

type ImageCall = Parameters<ImageModelV4['doGenerate']>[0];
type ImageFile = NonNullable<ImageCall['files']>[number];

/** An image model of the AI SDK that is answered by whichever target the config chooses. Images given are edited, with a mask where there is one. */
export function imageModel(modelId: string, backend: Backend): ImageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'modelmux',
    modelId,
    maxImagesPerCall: 10,
    async doGenerate(call) {
      const settings = backend.settings(call);
      const { endpoint, body } = request(modelId, call);
      const sent = await backend.send(endpoint, { ...body, ...settings.params }, settings);
      const reply = jsonOf(sent);
      return {
        images: images(reply),
        warnings: [...unsupported(call), ...sent.dropped],
        response: {
          timestamp: typeof reply['created'] === 'number' ? new Date(reply['created'] * 1000) : new Date(0),
          modelId,
          headers: servedHeadersOf(sent.served),
        },
      };
    },
  };
}

function request(modelId: string, call: ImageCall): { readonly endpoint: Endpoint; readonly body: JsonObject } {
  const { prompt, n, size, files, mask } = call;
  const body = {
    ...(modelId === '' ? {} : { model: modelId }),
    ...(prompt === undefined ? {} : { prompt }),
    n,
    ...(size === undefined ? {} : { size }),
    // OpenAI's GPT image models always answer with the bytes, and refuse the parameter.
    ...(/gpt-image/.test(modelId) ? {} : { response_format: 'b64_json' }),
  };
  if (files === undefined || files.length === 0) return { endpoint: 'images/generations', body };
  const edited = { image: files.map(toBlob), ...(mask === undefined ? {} : { mask: toBlob(mask) }) };
  return { endpoint: 'images/edits', body: { ...body, ...edited } };
}

function toBlob(file: ImageFile): Blob {
  if (file.type === 'url') {
    const message = 'An image to edit is given by URL. Give its bytes.';
    throw callError(new InvalidRequestError('files', message), {});
  }
  const { data, mediaType } = file;
  const bytes = typeof data === 'string' ? Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)) : data;
  return new Blob([new Uint8Array(bytes)], { type: mediaType });
}

function images({ data }: JsonObject): string[] {
  const items = Array.isArray(data) ? data.filter(isJsonObject) : [];
  return items.map(({ b64_json: bytes }) => {
    if (typeof bytes === 'string') return bytes;
    const message =
      'The provider answered with the address of an image. Ask it for bytes, or use a model that sends them.';
    throw callError(new InvalidRequestError('response_format', message), {});
  });
}

/** OpenAI's body has no name for these. */
function unsupported({ aspectRatio, seed }: ImageCall): Warning[] {
  return [
    ...(aspectRatio === undefined
      ? []
      : [{ type: 'unsupported' as const, feature: 'aspectRatio', details: 'Use size.' }]),
    ...(seed === undefined ? [] : [{ type: 'unsupported' as const, feature: 'seed' }]),
  ];
}
