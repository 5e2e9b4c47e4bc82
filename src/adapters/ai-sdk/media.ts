import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Content } from './spec.ts';

type File = Extract<Content, { readonly type: 'file' }>;
type Source = Extract<Content, { readonly type: 'source' }>;

/** Images and sound beside the text of an answer, or of a piece of one. */
export function toFiles({ images, audio }: JsonObject): readonly File[] {
  const pictures = Array.isArray(images) ? images.filter(isJsonObject).flatMap(imageFile) : [];
  if (!isJsonObject(audio) || typeof audio['data'] !== 'string') return pictures;
  return [...pictures, { type: 'file', mediaType: 'audio/wav', data: { type: 'data', data: audio['data'] } }];
}

function imageFile({ image_url: image }: JsonObject): readonly File[] {
  const url = isJsonObject(image) ? image['url'] : image;
  if (typeof url !== 'string') return [];
  const [, mediaType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
  if (mediaType !== undefined && data !== undefined) return [{ type: 'file', mediaType, data: { type: 'data', data } }];
  return [{ type: 'file', mediaType: 'image/*', data: { type: 'url', url: new URL(url) } }];
}

/** OpenAI's URL citations. `first` numbers them, for a source needs an ID of its own. */
export function toSources(annotations: unknown, first = 0): readonly Source[] {
  if (!Array.isArray(annotations)) return [];
  return annotations.filter(isJsonObject).flatMap(({ url_citation: cited }, index) => {
    if (!isJsonObject(cited) || typeof cited['url'] !== 'string') return [];
    const { url, title } = cited;
    const named = typeof title === 'string' ? { title } : {};
    return [{ type: 'source', sourceType: 'url', id: `source-${first + index}`, url, ...named }];
  });
}
