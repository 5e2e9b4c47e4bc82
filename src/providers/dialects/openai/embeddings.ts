import { plainCodec } from './reply.ts';

/** `embeddings`. Source: OpenAI API reference, "Create embeddings". */
export const embeddings = plainCodec({ path: '/embeddings' }, 'data');
