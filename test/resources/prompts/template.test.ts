import { expect, it } from 'vitest';
import { parseTemplate } from '../../../src/resources/prompts/template.ts';

it.each<readonly [string, Record<string, unknown>, string]>([
  ['Hello {{name}}!', { name: 'Ada' }, 'Hello Ada!'],
  ['Hello {{ name }}!', {}, 'Hello !'],
  ['{{{raw}}} {{&raw}} {{raw}}', { raw: '<b>"&' }, '<b>"& <b>"& <b>"&'],
  ['{{user.name}} {{user.none.x}}', { user: { name: 'Ada' } }, 'Ada '],
  ['{{#items}}<{{.}}>{{/items}}', { items: [1, 'b', true] }, '<1><b><true>'],
  ['{{#items}}{{name}} of {{team}};{{/items}}', { items: [{ name: 'A' }], team: 'T' }, 'A of T;'],
  ['{{^items}}none{{/items}}{{#items}}some{{/items}}', { items: [] }, 'none'],
  ['{{#isOn}}on{{/isOn}}{{^isOn}}off{{/isOn}}', { isOn: false }, 'off'],
  ['a{{! not shown }}b', {}, 'ab'],
  ['{{value}}', { value: '{{secret}}', secret: 's' }, '{{secret}}'],
  ['{{value}}', { value: { a: [1] } }, '{"a":[1]}'],
  ['{{constructor}}{{__proto__}}{{a.toString}}', { a: {} }, ''],
  ['{ "a": {"b": 1} } {single}', {}, '{ "a": {"b": 1} } {single}'],
])('%j with %j is %j', (text, variables, expected) => {
  expect(parseTemplate(text).render(variables)).toBe(expected);
});

it.each([
  ['{{#a}}', '{{#a}} is not closed'],
  ['{{/a}}', '{{/a}} closes nothing'],
  ['{{#a}}{{/b}}', '{{/b}} closes {{#a}}'],
  ['{{>part}}', 'partial'],
  ['{{ }}', 'names no variable'],
])('refuses %s', (text, message) => {
  expect(() => parseTemplate(text)).toThrow(message);
});

it('reads a hostile text in time that grows with its size', () => {
  const started = performance.now();
  for (const text of ['{{'.repeat(50_000), `{{${' '.repeat(50_000)}`, '{{#a'.repeat(20_000)]) {
    try {
      parseTemplate(text);
    } catch {
      // Refused is fine.
    }
  }
  expect(performance.now() - started).toBeLessThan(20_000);
});
