import { readdirSync, readFileSync } from 'node:fs';

/** A fenced block of a page. */
export interface CodeBlock {
  /** `README.md:12`: page and line of its fence. */
  readonly place: string;
  readonly language: string;
  /** The words after the language: what is to be done with the block. */
  readonly marks: readonly string[];
  readonly text: string;
}

const root = new URL('../../', import.meta.url);

/** The pages that people wrote, by their path from the root. */
export function writtenPages(): readonly string[] {
  const docs = readdirSync(new URL('docs/', root)).filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.map((name) => `docs/${name}`)];
}

/** The fenced blocks of a page, in order. */
export function codeBlocks(page: string): readonly CodeBlock[] {
  const text = readFileSync(new URL(page, root), 'utf8');
  return [...text.matchAll(/^```(\w+)([^\n]*)\n(.*?)^```$/gms)].map(
    ([, language = '', marks = '', body = ''], index, all) => ({
      place: `${page}:${text.slice(0, all[index]?.index).split('\n').length}`,
      language,
      marks: marks
        .trim()
        .split(/\s+/)
        .filter((mark) => mark !== ''),
      text: body,
    }),
  );
}
