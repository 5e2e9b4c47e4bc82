import * as z from 'zod/mini';
import { didYouMean } from '../../../core/did-you-mean.ts';
import { textCheck } from '../check-kind.ts';

/** Formats as Portkey lists them, and what a fenced block may call them. */
const formats: Readonly<Record<string, readonly string[]>> = {
  SQL: ['sql'],
  Python: ['py', 'python'],
  TypeScript: ['ts', 'tsx', 'typescript'],
  JavaScript: ['js', 'jsx', 'mjs', 'cjs', 'javascript'],
  Java: ['java'],
  'C#': ['cs', 'csharp', 'c#'],
  'C++': ['cpp', 'cc', 'cxx', 'c++'],
  C: ['c'],
  Ruby: ['rb', 'ruby'],
  PHP: ['php'],
  Swift: ['swift'],
  Kotlin: ['kt', 'kotlin'],
  Go: ['go', 'golang'],
  Rust: ['rs', 'rust'],
  Scala: ['scala'],
  R: ['r'],
  Perl: ['pl', 'perl'],
  Shell: ['sh', 'bash', 'zsh', 'shell'],
  HTML: ['html'],
  CSS: ['css'],
  XML: ['xml'],
  JSON: ['json'],
  YAML: ['yml', 'yaml'],
  Markdown: ['md', 'markdown'],
  Dockerfile: ['dockerfile', 'docker'],
};

/** `default.containsCode`: the text has a fenced block of code in `format`. */
export const containsCode = textCheck({ format: z.string().check(z.minLength(1)) }, ({ format }, report) => {
  const known = Object.keys(formats).find((name) => name.toLowerCase() === format.toLowerCase());
  if (known === undefined) {
    const names = Object.keys(formats);
    report('.format', `Unknown format "${format}".${didYouMean(format, names) || ` Valid: ${names.join(', ')}.`}`);
    return undefined;
  }
  return (text) => {
    const found = [...new Set(languagesIn(text))];
    const verdict = found.some((language) => formats[known]?.includes(language));
    return {
      verdict,
      explanation: `There is ${verdict ? '' : 'no '}code block in ${known}.`,
      data: { foundFormats: found },
    };
  };
});

/** The names behind opening fences. Every second fence closes a block. */
function languagesIn(text: string): readonly string[] {
  const fences = text.split('\n').filter((line) => line.trimStart().startsWith('```'));
  return fences.flatMap((line, index) => {
    const [name] = line.trimStart().slice(3).trim().toLowerCase().split(/[\s{]/);
    return index % 2 === 0 && name !== undefined && name !== '' ? [name] : [];
  });
}
