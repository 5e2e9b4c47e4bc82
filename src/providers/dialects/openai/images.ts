import { eventStream } from './event-stream.ts';
import { plainCodec } from './reply.ts';

// Source: OpenAI API reference, "Images" and "Image generation streaming events".
const decodeStream = eventStream(['image_generation.completed', 'image_edit.completed']);

/** `images/generations`. */
export const imageGenerations = plainCodec({ path: '/images/generations' }, 'data', { decodeStream });

/** `images/edits`: multipart when it holds a file, JSON when the images are given by URL or file ID. */
export const imageEdits = plainCodec({ path: '/images/edits' }, 'data', { decodeStream });

/** `images/variations`, always multipart. */
export const imageVariations = plainCodec({ path: '/images/variations', encoding: 'form' }, 'data');
