import { deepStrictEqual } from 'node:assert';
import { describe, expect, it } from 'vitest';
import { attachHeaders } from '../../src/resources/reply-value.ts';
import { attempts } from './fakes.ts';

const plain = () => ({ id: 'c1', choices: [{ index: 0 }] });
const headers = { 'x-portkey-trace-id': 't1', 'x-portkey-cache-status': 'HIT', 'content-type': 'application/json' };

describe('a reply object', () => {
  it("tells Portkey's headers without their prefix, and the attempts", () => {
    const value = attachHeaders(plain(), { headers, attempts });
    expect(value.getHeaders()).toEqual({ 'trace-id': 't1', 'cache-status': 'HIT' });
    expect(value.attempts).toBe(attempts);
    expect(value.choices[0]?.index).toBe(0);
  });

  it('is the object given, not a copy', () => {
    const value = plain();
    expect(attachHeaders(value, { headers, attempts })).toBe(value);
  });

  it.each<[string, (value: object) => object]>([
    ['structuredClone', (value) => structuredClone(value)],
    ['JSON', (value) => JSON.parse(JSON.stringify(value))],
    ['spread', (value) => ({ ...value })],
    ['Object.assign', (value) => Object.assign({}, value)],
  ])('is copied by %s as if nothing were attached', (_way, copy) => {
    const copied = copy(attachHeaders(plain(), { headers, attempts }));
    expect(Reflect.ownKeys(copied)).toEqual(['id', 'choices']);
    expect(copied).toStrictEqual(plain());
  });

  it('is equal to the same object without', () => {
    const value = attachHeaders(plain(), { headers, attempts });
    expect(value).toEqual(plain());
    expect(value).toStrictEqual(plain());
    deepStrictEqual(value, plain());
    expect(Object.keys(value)).toEqual(['id', 'choices']);
  });

  it('takes the headers of a later reply', () => {
    const value = attachHeaders(attachHeaders(plain(), { headers, attempts }), {
      headers: { 'x-portkey-trace-id': 't2' },
      attempts: [],
    });
    expect(value.getHeaders()).toEqual({ 'trace-id': 't2' });
    expect(value.attempts).toEqual([]);
  });

  it('hands out headers nobody else shares', () => {
    const value = attachHeaders(plain(), { headers, attempts });
    Object.assign(value.getHeaders(), { 'trace-id': 'changed' });
    expect(value.getHeaders()['trace-id']).toBe('t1');
  });
});
