import { zodFunction as theirZodFunction, zodResponseFormat as theirZodResponseFormat } from 'openai/helpers/zod';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import * as mini from 'zod/mini';
import { strictJsonSchema } from '../../src/resources/strict-json-schema.ts';
import { zodFunction, zodResponseFormat } from '../../src/resources/zod-response-format.ts';

const plain = z.object({
  name: z.string().describe('who'),
  tags: z.array(z.enum(['a', 'b'])),
  age: z.number().int().min(0),
});

/** As it goes over the wire; the openai package also names the dialect, in `$schema`. */
const sent = (value: object) =>
  JSON.parse(JSON.stringify(value, (key, member) => (key === '$schema' ? undefined : member)));

describe('the schema sent', () => {
  it.each([
    ['plain members', plain],
    ['nested objects', z.object({ inner: z.object({ deep: z.array(z.object({ x: z.boolean() })) }) })],
    ['null allowed', z.object({ a: z.string().nullable(), b: z.union([z.string(), z.number(), z.null()]) })],
    [
      'discriminated unions',
      z.object({
        u: z.discriminatedUnion('t', [z.object({ t: z.literal('x') }), z.object({ t: z.literal('y'), n: z.number() })]),
      }),
    ],
    ['no members', z.object({})],
    ['strict objects', z.strictObject({ a: z.literal(['x', 'y']) })],
  ])("is the openai package's: %s", (_what, schema) => {
    const tool = { name: 'f', parameters: schema, description: 'what' };
    expect(sent(zodResponseFormat(schema, 'name', { description: 'what' }))).toEqual(
      sent(theirZodResponseFormat(schema, 'name', { description: 'what' })),
    );
    expect(sent(zodFunction(tool))).toEqual(sent(theirZodFunction(tool)));
  });

  it('is whole: literal', () => {
    expect(zodResponseFormat(plain, 'person')).toEqual({
      type: 'json_schema',
      json_schema: {
        name: 'person',
        strict: true,
        schema: {
          type: 'object',
          properties: {
            name: { type: 'string', description: 'who' },
            tags: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
            age: { type: 'integer', minimum: 0, maximum: 9007199254740991 },
          },
          required: ['name', 'tags', 'age'],
          additionalProperties: false,
        },
      },
    });
  });

  it('asks for what the schema takes in, and requires members that have a default', () => {
    const schema = z.object({
      at: z.string().transform((text) => new Date(text)),
      n: z.number().default(3),
      o: z.string().nullish(),
    });
    expect(zodResponseFormat(schema, 's').json_schema.schema).toEqual({
      type: 'object',
      properties: {
        at: { type: 'string' },
        n: { type: 'number' },
        o: { type: ['string', 'null'] },
      },
      required: ['at', 'n', 'o'],
      additionalProperties: false,
    });
  });

  it('may refer to itself', () => {
    const Tree = z.object({
      value: z.number(),
      get children() {
        return z.array(Tree);
      },
    });
    expect(zodResponseFormat(Tree, 'tree').json_schema.schema).toEqual({
      type: 'object',
      properties: { value: { type: 'number' }, children: { type: 'array', items: { $ref: '#' } } },
      required: ['value', 'children'],
      additionalProperties: false,
    });
  });

  it('has references beside other keywords written out', () => {
    const schema = {
      type: 'object',
      properties: { p: { $ref: '#/$defs/a~1b', description: 'here' }, q: { $ref: '#/$defs/a~1b' } },
      required: ['p', 'q'],
      $defs: { 'a/b': { type: 'object', properties: { x: { type: 'string' } }, required: ['x'] } },
    };
    const inner = {
      type: 'object',
      properties: { x: { type: 'string' } },
      required: ['x'],
      additionalProperties: false,
    };
    expect(strictJsonSchema(schema)).toEqual({
      type: 'object',
      properties: { p: { ...inner, description: 'here' }, q: { $ref: '#/$defs/a~1b' } },
      required: ['p', 'q'],
      $defs: { 'a/b': inner },
      additionalProperties: false,
    });
  });

  it('leaves the schema given as it was', () => {
    const schema = Object.freeze({
      type: 'object',
      properties: Object.freeze({ a: Object.freeze({ type: 'string' }) }),
      required: ['a'],
    });
    expect(strictJsonSchema(schema)).not.toBe(schema);
  });
});

describe('what strict mode cannot say', () => {
  it.each([
    [z.string(), 'The schema at # is not an object; wrap it in one.'],
    [
      z.object({ a: z.object({ b: z.string().optional() }) }),
      'The schema at #/properties/a/properties/b is optional; strict mode requires every property. Make it nullable() instead.',
    ],
    [
      z.object({ a: z.record(z.string(), z.number()) }),
      'The schema at #/properties/a allows properties of any name (a record?); strict mode needs them all listed.',
    ],
    [z.looseObject({ a: z.string() }), 'The schema at # allows properties of any name'],
    [
      z.object({ a: z.intersection(z.union([z.string(), z.number()]), z.string()) }),
      'The schema at #/properties/a uses "allOf", which strict mode does not know.',
    ],
  ])('is refused with the place', (schema, message) => {
    expect(() => zodResponseFormat(schema, 's')).toThrow(message);
  });

  it.each([
    ['#/$defs/none', 'refers to "#/$defs/none", which is not there'],
    ['https://elsewhere/#/x', 'refers to "https://elsewhere/#/x", which is not there'],
  ])('is refused: %s', ($ref, message) => {
    const schema = { type: 'object', properties: { a: { $ref, description: 'x' } }, required: ['a'] };
    expect(() => strictJsonSchema(schema)).toThrow(message);
  });

  it('is not asked of zod/mini, which has no JSON Schema', () => {
    expect(() => zodResponseFormat(mini.object({ a: mini.string() }), 's')).toThrow(
      'Use zod 4.2 or later (not zod/mini)',
    );
  });
});

describe('the format', () => {
  it('parses what it asks for, typed', () => {
    const format = zodResponseFormat(z.object({ n: z.string().transform(Number) }), 's');
    expect(format.$parseRaw('{"n":"3"}')).toEqual({ n: 3 });
    expectTypeOf(format.$parseRaw).returns.toEqualTypeOf<{ n: number }>();
    expect(() => format.$parseRaw('{"n":3}')).toThrow('n: Invalid input: expected string, received number');
  });

  it('is plain JSON to everybody else', () => {
    expect(Object.keys(zodResponseFormat(plain, 's'))).toEqual(['type', 'json_schema']);
    expect(Object.keys(zodFunction({ name: 'f', parameters: plain }))).toEqual(['type', 'function']);
  });

  it('cannot wait for a schema that validates asynchronously', () => {
    const schema = z.object({ a: z.string().refine(async () => true) });
    expect(() => zodResponseFormat(schema, 's').$parseRaw('{"a":""}')).toThrow('validates asynchronously');
  });

  it('may be of any library with Standard JSON Schema', () => {
    const schema = {
      '~standard': {
        version: 1,
        vendor: 'home-made',
        validate: (value: unknown) =>
          value === 1 ? { value: 'one' } : { issues: [{ message: 'not one', path: [{ key: 'a' }, 0] }] },
        jsonSchema: { input: () => ({ type: 'object', properties: {} }) },
      },
    };
    const format = zodResponseFormat(schema, 's');
    expect(format.$parseRaw('1')).toBe('one');
    expect(() => format.$parseRaw('2')).toThrow('The content cannot be parsed: a.0: not one');
  });
});
