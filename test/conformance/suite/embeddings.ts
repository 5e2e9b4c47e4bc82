import { expect, it } from 'vitest';
import { deepFreeze } from '../../providers/dialects/support/codec.ts';
import type { Stage } from '../stage.ts';

/** Embeddings of providers that have them, in OpenAI's shape. */
export function embeddingsSuite(stage: Stage): void {
  it('embeds texts in order, each at its index', async () => {
    const { object, data } = await embedded(['one', 'two']);
    expect(object).toBe('list');
    const vectors = data as readonly { readonly index: number; readonly embedding: readonly number[] }[];
    expect(vectors.map(({ index }) => index)).toEqual([0, 1]);
    for (const { embedding } of vectors) expect(embedding.every(Number.isFinite)).toBe(true);
    expect(vectors[0]?.embedding).not.toEqual(vectors[1]?.embedding);
    expect((await embedded(['two'])).data).toMatchObject([{ index: 0, embedding: vectors[1]?.embedding }]);
  });

  function embedded(input: readonly string[]) {
    const { embeddingReply } = stage.run;
    stage.reset();
    if (embeddingReply !== undefined) stage.script({ body: embeddingReply(input) });
    return stage.embed(deepFreeze({ input }));
  }
}
