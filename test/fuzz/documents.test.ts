import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../src/config/by-id/parse-document.ts';
import { parseYaml } from '../../src/config/by-id/parse-yaml.ts';
import { UnusableConfig } from '../../src/config/by-id/read-found.ts';
import { longestMs, runs } from './runs.ts';

const whole = `strategy: { mode: fallback }
targets: &all
  - provider: openai
    api_key: "sk-\\u0061"
    override_params: { model: 'gpt', stop: [a, b] }
  - <<: *all
    note: |
      several
      lines
    folded: >-
      more
`;

const bits = fc.constantFrom(
  ...[
    '[',
    ']',
    '{',
    '}',
    ',',
    ':',
    ': ',
    '- ',
    '? ',
    '&a ',
    '*a',
    '!x ',
    '|\n',
    '>\n',
    '"',
    "'",
    '#',
    '%YAML 1.2\n',
    '---\n',
  ],
  ...[
    '...\n',
    '\n',
    '\r\n',
    '\t',
    ' ',
    '  ',
    '@',
    '`',
    '<<: ',
    '\u0000',
    '\ufeff',
    '\u2028',
    '0x',
    '.inf',
    '~',
    '=',
    'a',
  ],
);
const noise = fc.array(bits, { maxLength: 40 }).map((some) => some.join(''));
const texts = fc.oneof(
  noise,
  fc.string(),
  fc
    .tuple(fc.nat(whole.length), noise, fc.nat(9))
    .map(([at, some, gone]) => whole.slice(0, at) + some + whole.slice(at + gone)),
);

function readable(text: string): void {
  try {
    parseYaml(text);
  } catch (error) {
    if (!(error instanceof UnusableConfig)) throw error;
  }
}

describe('a document is read, or refused as unusable', () => {
  it('whatever YAML it is', () => {
    fc.assert(fc.property(texts, readable), { numRuns: runs(1000) });
  });

  it('whatever bytes it is made of', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      texts.map((text) => new TextEncoder().encode(text)),
    );
    const reads = async (given: Uint8Array, format: 'json' | 'yaml') => {
      await parseDocument(given, format).catch((error: unknown) => {
        if (!(error instanceof UnusableConfig)) throw error;
      });
    };
    await fc.assert(fc.asyncProperty(bytes, fc.constantFrom('json', 'yaml'), reads), { numRuns: runs(500) });
  });
});

const size = 1 << 20;
const full = (text: string) => text.repeat(size / text.length);

describe('a MiB that is made to keep the parser busy', () => {
  it.each([
    ['opening brackets', full('[')],
    ['opening braces', full('{')],
    ['closing brackets', full(']')],
    ['commas', `[${full(',')}`],
    ['pairs of brackets', `[${full('[],,')}]`],
    ['lists in a list', `[${full('[],')}]`],
    ['nested both ways', full('[{')],
    ['dashes', full('- ')],
    ['aliases', `[${full('*a,')}]`],
    ['quotes', full('"')],
  ])('%s: is refused in a time that nobody notices', (_, text) => {
    const before = process.cpuUsage();
    expect(() => parseYaml(text)).toThrow(UnusableConfig);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(longestMs);
  });
});
