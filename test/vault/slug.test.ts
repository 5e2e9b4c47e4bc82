import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSlugModel, slugProblem } from '../../src/vault/slug.ts';

describe('parseSlugModel', () => {
  it.each([
    ['@openai-prod/gpt-4o', { slug: 'openai-prod', model: 'gpt-4o' }],
    ['@hub/meta-llama/Llama-3-8b', { slug: 'hub', model: 'meta-llama/Llama-3-8b' }],
    ['@openai-prod', { slug: 'openai-prod' }],
    ['@openai-prod/', { slug: 'openai-prod' }],
    ['@a/@b/c', { slug: 'a', model: '@b/c' }],
    ['gpt-4o', undefined],
    ['org/gpt-4o', undefined],
    ['', undefined],
    ['@', undefined],
    ['@/gpt-4o', undefined],
    ['@@a/gpt-4o', undefined],
    ['@with space/gpt-4o', undefined],
    ['@line\nbreak/gpt-4o', undefined],
  ])('reads %j', (text, expected) => {
    expect(parseSlugModel(text)).toEqual(expected);
  });

  it('gives back what it was made of', () => {
    const slug = fc.stringMatching(/^[a-z0-9][a-z0-9._:@-]{0,20}$/);
    fc.assert(
      fc.property(slug, fc.string({ minLength: 1 }), (slug, model) => {
        expect(parseSlugModel(`@${slug}/${model}`)).toEqual({ slug, model });
      }),
    );
  });
});

describe('slugProblem', () => {
  it.each([
    ['openai-prod', undefined],
    ['größe', undefined],
    ['a'.repeat(200), undefined],
    ['a'.repeat(201), /201 characters, more than 200/],
    ['', /empty/],
    ['@a', /without/],
    ['a/b', /"\/"/],
    ['a b', /white space/],
    ['a\u0000', /control/],
    ['a\u202e', /control/],
    ['a\ud800', /control/],
  ])('of %j', (slug, expected) => {
    const problem = slugProblem(slug);
    if (expected === undefined) expect(problem).toBeUndefined();
    else expect(problem).toMatch(expected);
  });
});
