import type { Operation } from '../wire-format.ts';
import { checkRequired } from './check.ts';

/** Image generation (OpenAI API reference, "Create image"): always the same one-pixel PNG, or an address that leads nowhere. */
export const images: Operation = {
  check: ({ body }) => checkRequired(body, ['prompt']),
  reply: ({ body }, answer) => {
    const image = body.response_format === 'url' ? { url: 'https://simulator.invalid/image.png' } : { b64_json: pixel };
    const count = typeof body.n === 'number' ? body.n : 1;
    const revised = 'A simulated image: one transparent pixel.';
    return {
      json: {
        created: answer.created,
        data: Array.from({ length: count }, () => ({ ...image, revised_prompt: revised })),
      },
    };
  },
};

/** A transparent PNG of one pixel. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
