import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PatternNode, parsePattern } from '../../../src/core/pattern/parse-pattern.ts';
import { patternGrowth } from '../../../src/core/pattern/pattern-growth.ts';
import { type SafePattern, safePattern } from '../../../src/core/pattern/safe-pattern.ts';

function sound(source: string, use: 'test' | 'replace' = 'test', flags = ''): SafePattern {
  const pattern = safePattern(source, flags, use);
  if (typeof pattern === 'string') throw new Error(pattern);
  return pattern;
}

it.each<[string]>([
  ['^(a+)+$'],
  ['^(a*)*$'],
  ['^(a|a)*$'],
  ['^(a|ab|b)*$'],
  ['x(\\w+\\s?)*$'],
  ['^(([a-z])+.)+[A-Z]([a-z])+$'],
  ['x(a*b?)*c'],
  ['x(?:(?:a?|b?)c)*d'],
  ['^([ab]|[bc])*d'],
  ['^(.*a){12}'],
  ['x(a{1,30}){1,30}b'],
  ['^((?:a+)(?:b|a+))*$'],
  ['^(é+)+$'],
  ['^([\\u4e00-\\u4e10]|[\\u4e05-\\u4e20])*x'],
])('%s can take exponential time and is refused', (source) => {
  expect(safePattern(source, '', 'test')).toMatch(
    /^The regular expression ".*" can take exponential time: write it so/,
  );
});

it.each<[string, string]>([
  ['(a)\\1', 'refers back'],
  ['(?<name>a)\\k<name>', 'refers back'],
  ['[', 'Bad regular expression "[": '],
  ['(?i)secret', 'Bad regular expression "(?i)secret": '],
  ['a'.repeat(1001), 'is longer than 1000 characters'],
  ['^.*a.*b.*c.*d.*e.*f.*g', 'takes too long even for short texts'],
  ['(?:(?:ab{40}c){40})', 'is too large'],
])('%s is refused, saying why', (source, reason) => {
  expect(safePattern(source, '', 'test')).toContain(reason);
});

it.each<[string, string, string]>([
  ['\\b\\d{3}-\\d{2}-\\d{4}\\b', 'my 123-45-6789!', 'my 1234-45-6789!'],
  ['[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}', 'write to a.b@c.example now', 'write to a.b at c.example'],
  ['.*secret.*', 'a secret thing', 'a thing'],
  ['^\\s+|\\s+$', 'ends ', 'ends'],
  ['^(?!.*secret).*$', 'harmless', 'a secret'],
  ['^(?=.*\\d)(?=.*[a-z]).{8,}$', 'abcdefg1', 'abcdefgh'],
  ['([0-9A-F]{2}[:-]?){6}', '00:1A:2B:3C:4D:5E', '00:1A:2B'],
  ['(?:ignore|disregard)\\s+(?:all\\s+)?previous', 'please ignore all previous', 'ignore that previous'],
  ['^"([^"\\\\]|\\\\.)*"$', '"a\\"b"', '"a"b"'],
  ['a{2,}', 'baab', 'bab'],
  ['a{,2}', 'a{,2}', 'aa'],
  ['^$', '', 'x'],
  ['[^\\]]x', 'ax', ']x'],
  ['\\p{Lu}\\p{Ll}+', 'Äpfel', 'äpfel'],
  ['(foo|bar|)baz', 'baz', 'ba'],
  ['a|b*', 'zzz', undefined as never],
])('%s matches %j and not %j', (source, yes, no) => {
  const pattern = sound(source);
  expect(pattern.test(yes)).toBe(true);
  if (no !== undefined) expect(pattern.test(no)).toBe(false);
});

describe('a text', () => {
  it('is looked at whole however long where the pattern takes linear time', () => {
    expect(sound('AKIA[0-9A-Z]{16}').maxLength).toBe(10_000_000);
    expect(sound('\\s+$').maxLength).toBe(10_000_000);
    expect(sound('^\\w+@\\w+$').maxLength).toBe(10_000_000);
  });

  it('is too long where a match can begin at every character and run on', () => {
    const pattern = sound('<[^>]*>');
    expect(pattern.maxLength).toBe(10_000);
    expect([pattern.test(`${' '.repeat(9_997)}<a>`), pattern.test(' '.repeat(10_001))]).toEqual([true, undefined]);
    expect(pattern.replace('<'.repeat(10_001), '')).toBeUndefined();
  });

  it('is cut between words where no match can hold a space', () => {
    const email = sound('[\\w.]+@[\\w.]+\\.\\w+', 'replace');
    const text = `${'word '.repeat(5_000)}\n\tto a@b.example, c@d.example `;
    expect(email.replace(text, '[e]')).toEqual({ text: `${'word '.repeat(5_000)}\n\tto [e], [e] `, hasMatch: true });
    expect(email.replace('w'.repeat(20_000), '[e]')).toBeUndefined();
    expect(email.replace('no such thing', '[e]')).toEqual({ text: 'no such thing', hasMatch: false });
  });

  it('is cut between lines where a match may hold spaces but no line end', () => {
    const pattern = sound('key: .*[0-9]!');
    expect(pattern.test(`${'x\n'.repeat(10_000)}key: a 1!`)).toBe(true);
    expect(pattern.test(`${'x\n'.repeat(10_000)}key: a\n1!`)).toBe(false);
  });

  it('is not cut where the pattern asks for what stands around', () => {
    expect(sound('x[ab]*[ac]*y$').test('word '.repeat(5_000))).toBeUndefined();
  });
});

/** Steps a plain backtracking matcher takes to find out that `text` does not match from any start. Gives up above `limit`. */
function steps(root: PatternNode, text: string, limit: number): number {
  let count = 0;
  const tick = () => {
    count++;
    if (count > limit) throw new RangeError('too many steps');
  };
  function run(node: PatternNode, at: number, then: (at: number) => boolean): boolean {
    tick();
    if (node.kind === 'set')
      return at < text.length && new RegExp(`^${node.source}$`).test(text[at] ?? '') && then(at + 1);
    if (node.kind === 'sequence') return sequence(node.items, 0, at, then);
    if (node.kind === 'choice') return node.branches.some((branch) => run(branch, at, then));
    if (node.kind === 'repeat') return repeat(node, 0, at, then);
    return node.kind === 'group' ? run(node.body, at, then) : then(at);
  }
  function sequence(items: readonly PatternNode[], index: number, at: number, then: (at: number) => boolean): boolean {
    const item = items[index];
    return item === undefined ? then(at) : run(item, at, (next) => sequence(items, index + 1, next, then));
  }
  function repeat(
    node: PatternNode & { kind: 'repeat' },
    done: number,
    at: number,
    then: (at: number) => boolean,
  ): boolean {
    const again =
      done < node.max &&
      run(node.body, at, (next) => (next > at || done < node.min) && repeat(node, done + 1, next, then));
    return again || (done >= node.min && then(at));
  }
  for (let start = 0; start <= text.length; start++) run(root, start, () => false);
  return count;
}

const atom = fc.constantFrom('a', 'b', '[ab]', '.');
const times = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '{0,5}');
const { pattern } = fc.letrec<{ pattern: string; item: string; group: string }>((tie) => ({
  pattern: fc.array(fc.tuple(tie('item'), times), { minLength: 1, maxLength: 4 }).map((items) => items.flat().join('')),
  item: fc.oneof({ maxDepth: 3 }, atom, tie('group')),
  group: fc.array(tie('pattern'), { minLength: 1, maxLength: 2 }).map((branches) => `(?:${branches.join('|')})`),
}));

describe('the growth of a pattern', () => {
  it('bounds the steps of a backtracking matcher on texts that repeat', () => {
    let accepted = 0;
    fc.assert(
      fc.property(pattern, fc.stringMatching(/^[ab]{1,3}$/), (source, word) => {
        const root = parsePattern(source);
        let growth: ReturnType<typeof patternGrowth>;
        try {
          growth = patternGrowth(root, '');
        } catch {
          return;
        }
        if (growth.degree > 4) return;
        accepted++;
        const at = (length: number) => word.repeat(length).slice(0, length);
        const bound = (length: number) => 40 * source.length ** 2 * growth.factor * length ** growth.degree;
        for (const length of [8, 16, 32]) expect(steps(root, at(length), bound(length))).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
    expect(accepted).toBeGreaterThan(50);
  });
});
