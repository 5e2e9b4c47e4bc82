/** A table of Markdown. A bar in a cell is escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text as code. */
export function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

/** The first line of a page that a script wrote. */
export const generated = '<!-- Written by `npm run pages`. Change the source it is made of instead. -->';

/** What a docstring says of the default: the words after `Default`, or the word before `(default)`; empty when it says nothing. */
export function defaultIn(doc: string): string {
  const named = /(`[^`]+`)(?: \(|, )default\)/.exec(doc)?.[1];
  if (named !== undefined) return named;
  return /\b[Dd]efault:? ((?:`[^`]*`|[^.,;:()`]|[.,](?=\d))+)/.exec(doc)?.[1]?.trim() ?? '';
}

/** The name by which GitHub's pages call a heading. */
export function anchorOf(heading: string): string {
  const kept = heading.toLowerCase().replaceAll(/[^\p{L}\p{N}_ -]/gu, '');
  return kept.replaceAll(' ', '-');
}
