/** One line of two texts laid over each other. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
  /** Its number in the text it is from, the later one where it is in both; from 1. */
  readonly line: number;
}

/** Lines beyond which what differs is told as a whole: comparing takes the product of both. */
const mostCompared = 2000;

/** How `after` came from `before`, with as many lines kept as can be. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const same = (text: string, index: number): DiffLine => ({ kind: 'same', text, line: index + 1 });
  return [
    ...now.slice(0, head).map(same),
    ...middle(old.slice(head, old.length - tail), now.slice(head, now.length - tail), head),
    ...now.slice(now.length - tail).map((text, index) => same(text, now.length - tail + index)),
  ];
}

function middle(old: readonly string[], now: readonly string[], head: number): readonly DiffLine[] {
  const removed = (index: number): DiffLine => ({ kind: 'removed', text: old[index] ?? '', line: head + index + 1 });
  const added = (index: number): DiffLine => ({ kind: 'added', text: now[index] ?? '', line: head + index + 1 });
  if (Math.max(old.length, now.length) > mostCompared)
    return [...old.map((_, index) => removed(index)), ...now.map((_, index) => added(index))];
  const kept = longest(old, now);
  const lines: DiffLine[] = [];
  let [left, right] = [0, 0];
  while (left < old.length || right < now.length) {
    if (left < old.length && right < now.length && old[left] === now[right]) {
      lines.push({ ...added(right), kind: 'same' });
      left++;
      right++;
    } else if (left < old.length && (right === now.length || kept(left + 1, right) >= kept(left, right + 1)))
      lines.push(removed(left++));
    else lines.push(added(right++));
  }
  return lines;
}

/** Lines that two ends of the texts, from these indexes on, have in common at most. */
function longest(old: readonly string[], now: readonly string[]): (left: number, right: number) => number {
  const width = now.length + 1;
  const table = new Uint16Array((old.length + 1) * width);
  const at = (left: number, right: number) => table[left * width + right] ?? 0;
  for (let left = old.length - 1; left >= 0; left--)
    for (let right = now.length - 1; right >= 0; right--)
      table[left * width + right] =
        old[left] === now[right] ? at(left + 1, right + 1) + 1 : Math.max(at(left + 1, right), at(left, right + 1));
  return at;
}
