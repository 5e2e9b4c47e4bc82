import { plainCodec } from './reply.ts';

/** `moderations`. Source: OpenAI API reference, "Create moderation". */
export const moderations = plainCodec({ path: '/moderations' }, 'results');
