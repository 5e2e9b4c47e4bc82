import type { DiffLine } from './line-diff.ts';
import { lineDiff } from './line-diff.ts';

const context = 3;

/** What changed between two texts, line by line; long parts that are the same are left out. */
export function Diff({ before, after }: { before: string; after: string }) {
  const lines = lineDiff(before, after);
  if (lines.every(({ kind }) => kind === 'same')) return <p class="body muted">Nothing differs.</p>;
  const added = lines.filter(({ kind }) => kind === 'added').length;
  const removed = lines.filter(({ kind }) => kind === 'removed').length;
  return (
    <>
      <p class="diff-sum">
        <span class="pill good">{`+${added}`}</span> <span class="pill bad">{`−${removed}`}</span>{' '}
        <span class="muted">lines</span>
      </p>
      <section class="diff" aria-label="Changed lines">
        {folded(lines).map((part) => ('left' in part ? <Left count={part.left} /> : <Line line={part} />))}
      </section>
    </>
  );
}

function Left({ count }: { count: number }) {
  return <div class="diff-left muted">{count === 1 ? '1 line is the same' : `${count} lines are the same`}</div>;
}

const signs = { same: ' ', added: '+', removed: '−' } as const;
const words = { same: '', added: 'added: ', removed: 'removed: ' } as const;

function Line({ line: { kind, text, line } }: { line: DiffLine }) {
  return (
    <div class={`diff-line ${kind}`}>
      <span class="diff-number" aria-hidden="true">
        {line}
      </span>
      <span class="diff-sign" aria-hidden="true">
        {signs[kind]}
      </span>
      <code>
        {words[kind] === '' ? '' : <span class="visually-hidden">{words[kind]}</span>}
        {text}
      </code>
    </div>
  );
}

type Part = DiffLine | { readonly left: number };

function folded(lines: readonly DiffLine[]): readonly Part[] {
  const isNear = (index: number) =>
    lines.slice(Math.max(0, index - context), index + context + 1).some(({ kind }) => kind !== 'same');
  const parts: Part[] = [];
  let left = 0;
  const close = () => {
    if (left > 0) parts.push({ left });
    left = 0;
  };
  lines.forEach((line, index) => {
    if (!isNear(index)) {
      left++;
      return;
    }
    close();
    parts.push(line);
  });
  close();
  return parts;
}
