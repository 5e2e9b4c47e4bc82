import { describe, expect, it } from 'vitest';
import {
  constrainedSchema,
  isConstrainable,
} from '../../../../../src/providers/dialects/anthropic-messages/request/constrained-schema.ts';

describe('constrainedSchema', () => {
  it.each([
    [{ type: 'string', format: 'date', enum: ['a'], title: 'T', default: 'a' }, undefined],
    [{ type: 'string', pattern: '^a+$' }, undefined],
    [{ type: ['string', 'null'] }, undefined],
    [{ type: 'array', items: { type: 'string' }, minItems: 1 }, undefined],
    [
      { type: 'string', format: 'phone' },
      { type: 'string', description: '(format: "phone")' },
    ],
    [
      { type: 'array', items: { type: 'integer', maximum: 9 }, minItems: 2, maxItems: 3, description: 'Few.' },
      {
        type: 'array',
        items: { type: 'integer', description: '(maximum: 9)' },
        description: 'Few. (minItems: 2, maxItems: 3)',
      },
    ],
    [
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        oneOf: [{ type: 'object', properties: {} }, { type: 'null' }],
      },
      { anyOf: [{ type: 'object', properties: {}, additionalProperties: false }, { type: 'null' }] },
    ],
    [
      {
        type: 'object',
        properties: { minimum: { type: 'number' }, deep: { allOf: [{ $ref: '#/definitions/d' }] } },
        additionalProperties: true,
        definitions: { d: { type: ['object', 'null'], properties: { a: { minLength: 1 } } } },
      },
      {
        type: 'object',
        properties: { minimum: { type: 'number' }, deep: { allOf: [{ $ref: '#/definitions/d' }] } },
        additionalProperties: false,
        definitions: {
          d: {
            type: ['object', 'null'],
            properties: { a: { description: '(minLength: 1)' } },
            additionalProperties: false,
          },
        },
      },
    ],
  ])('turns %j into what can be enforced', (schema, expected) => {
    expect(constrainedSchema(schema)).toEqual(expected ?? schema);
  });
});

describe('isConstrainable', () => {
  it.each([
    [{ type: 'object', properties: { a: { $ref: '#/$defs/a' }, b: { $ref: '#/$defs/a' } }, $defs: { a: {} } }, true],
    [{ type: 'object', additionalProperties: false }, true],
    [{ anyOf: [{ type: 'string' }, { type: 'object', properties: {} }] }, true],
    [{ type: 'object', properties: { a: { $ref: 'https://example.com/a' } } }, true],
    [{ type: 'object' }, false],
    [{ type: 'array', items: { type: 'object', additionalProperties: true } }, false],
    [
      {
        $ref: '#/$defs/a~1b',
        $defs: { 'a/b': { anyOf: [{ $ref: '#/$defs/c' }] }, c: { items: { $ref: '#/$defs/a~1b' } } },
      },
      false,
    ],
  ])('%j: %s', (schema, expected) => {
    expect(isConstrainable(schema)).toBe(expected);
  });
});
