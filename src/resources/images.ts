import type { Endpoint } from '../core/endpoint.ts';
import type {
  ImageCreateVariationParams,
  ImageEditParams,
  ImageEditParamsNonStreaming,
  ImageEditParamsStreaming,
  ImageEditStreamEvent,
  ImageGenerateParams,
  ImageGenerateParamsNonStreaming,
  ImageGenerateParamsStreaming,
  ImageGenStreamEvent,
  ImagesResponse,
} from '../core/openai/index.ts';
import type { Caller } from './caller.ts';
import { checkBody } from './check-body.ts';
import { type ReplyFacts, toValue, toWhole } from './reply-value.ts';
import type { ResponsePromise } from './response-promise.ts';
import { type CallArguments, send } from './send.ts';
import type { Stream } from './stream.ts';
import { withFiles } from './uploads.ts';

/** `portkey.images` */
export interface Images {
  readonly generate: GenerateImage;
  readonly edit: EditImage;
  createVariation(
    body: ImageCreateVariationParams,
    ...args: CallArguments
  ): ResponsePromise<ImagesResponse & ReplyFacts>;
}

/** `images.generate` */
export interface GenerateImage {
  (body: ImageGenerateParamsNonStreaming, ...args: CallArguments): ResponsePromise<ImagesResponse & ReplyFacts>;
  (body: ImageGenerateParamsStreaming, ...args: CallArguments): ResponsePromise<Stream<ImageGenStreamEvent>>;
  (
    body: ImageGenerateParams,
    ...args: CallArguments
  ): ResponsePromise<(ImagesResponse & ReplyFacts) | Stream<ImageGenStreamEvent>>;
}

/** `images.edit` */
export interface EditImage {
  (body: ImageEditParamsNonStreaming, ...args: CallArguments): ResponsePromise<ImagesResponse & ReplyFacts>;
  (body: ImageEditParamsStreaming, ...args: CallArguments): ResponsePromise<Stream<ImageEditStreamEvent>>;
  (
    body: ImageEditParams,
    ...args: CallArguments
  ): ResponsePromise<(ImagesResponse & ReplyFacts) | Stream<ImageEditStreamEvent>>;
}

/** The images resource of a client. */
export function images(caller: Caller): Images {
  const generate = (body: ImageGenerateParams, ...args: CallArguments) =>
    send(
      caller,
      () => ({ endpoint: 'images/generations', body: checkBody(body, 'An image', { prompt }) }),
      args,
      toValue<ImagesResponse, ImageGenStreamEvent>,
    );
  const edit = (body: ImageEditParams, ...args: CallArguments) =>
    send(
      caller,
      () => fromFile('images/edits', checkBody(body, 'An edit', { image, prompt })),
      args,
      toValue<ImagesResponse, ImageEditStreamEvent>,
    );
  return {
    generate: generate as GenerateImage,
    edit: edit as EditImage,
    createVariation: (body, ...args) =>
      send(
        caller,
        () => fromFile('images/variations', checkBody(body, 'A variation', { image })),
        args,
        toWhole<ImagesResponse>,
      ),
  };
}

const prompt = '"A lighthouse at dusk"';
const image = 'fs.createReadStream("lighthouse.png")';

async function fromFile(endpoint: Endpoint, body: ReturnType<typeof checkBody>) {
  return { endpoint, body: await withFiles(body, ['image', 'mask', 'markup']) };
}
