import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import { isJsonObject } from '../../core/json.ts';

/** What the variables of a template stand for. */
export type Variables = Readonly<Record<string, unknown>>;

/** A template, read once. */
export interface Template {
  render(variables: Variables): string;
}

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | ({ readonly kind: 'section' } & Section);

interface Section {
  readonly name: string;
  readonly isInverted: boolean;
  readonly parts: Part[];
}

// No two parts of it may match the same characters: templates come from outside.
const tags = /\{\{\{([^{}]*)\}\}\}|\{\{([#^/!&>]?)([^{}]*)\}\}/g;

/**
 * Reads a template in the syntax of Portkey's prompts, which is Mustache's (https://mustache.github.io/mustache.5.html) without partials and
 * without escaping: `{{name}}`, `{{user.name}}`, `{{#items}}…{{.}}…{{/items}}`, `{{^items}}…{{/items}}`, `{{! comment }}`. What a variable
 * stands for is put in as it is and never read as a template; one that is not given is empty. Throws `InvalidRequestError`.
 */
export function parseTemplate(text: string): Template {
  const root: Section = { name: '', isInverted: false, parts: [] };
  const open: Section[] = [root];
  let end = 0;
  for (const tag of text.matchAll(tags)) {
    const [whole, plain, sign = '', named = ''] = tag;
    addText(open, text.slice(end, tag.index));
    addTag(open, sign, (plain ?? named).trim());
    end = tag.index + whole.length;
  }
  const unclosed = open.length > 1 ? open.at(-1) : undefined;
  if (unclosed !== undefined) throw invalid(`{{#${unclosed.name}}} is not closed`);
  addText(open, text.slice(end));
  return { render: (variables) => render(root.parts, [variables]) };
}

function addText(open: readonly Section[], text: string): void {
  if (text !== '') open.at(-1)?.parts.push({ kind: 'text', text });
}

function addTag(open: Section[], sign: string, name: string): void {
  if (sign === '!') return;
  if (sign === '>') throw invalid(`{{>${name}}} asks for a partial, which there are none of here`);
  if (name === '') throw invalid('{{}} names no variable');
  if (sign === '#' || sign === '^') open.push({ name, isInverted: sign === '^', parts: [] });
  else if (sign === '/') closeSection(open, name);
  else open.at(-1)?.parts.push({ kind: 'variable', name });
}

function closeSection(open: Section[], name: string): void {
  const closed = open.length > 1 ? open.pop() : undefined;
  if (closed?.name !== name)
    throw invalid(`{{/${name}}} closes ${closed === undefined ? 'nothing' : `{{#${closed.name}}}`}`);
  open.at(-1)?.parts.push({ kind: 'section', ...closed });
}

function render(parts: readonly Part[], scopes: readonly unknown[]): string {
  let text = '';
  for (const part of parts) {
    if (part.kind === 'text') text += part.text;
    else if (part.kind === 'variable') text += toText(lookUp(part.name, scopes));
    else text += section(part, scopes);
  }
  return text;
}

function section({ name, isInverted, parts }: Section, scopes: readonly unknown[]): string {
  const value = lookUp(name, scopes);
  const isEmpty = value === undefined || value === null || value === false || value === '' || value === 0;
  const items = Array.isArray(value) ? value : isEmpty ? [] : [value];
  if (isInverted) return items.length === 0 ? render(parts, scopes) : '';
  return items.map((item: unknown) => render(parts, [item, ...scopes])).join('');
}

/** The innermost scope that has the first name of the path says what it stands for. */
function lookUp(name: string, scopes: readonly unknown[]): unknown {
  if (name === '.') return scopes[0];
  const [first = '', ...rest] = name.split('.');
  const scope = scopes.find((one) => isJsonObject(one) && Object.hasOwn(one, first));
  let value: unknown = isJsonObject(scope) ? scope[first] : undefined;
  for (const step of rest) value = isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  return value;
}

function toText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function invalid(problem: string): InvalidRequestError {
  return new InvalidRequestError('string', `The template cannot be read: ${problem}.`);
}
