import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withHidden, withSecrets } from '../../../src/server/console/pages/configs/hidden-secrets.ts';
import { jsonLines } from '../../../src/server/console/pages/configs/json-lines.ts';
import { lineDiff } from '../../../src/server/console/pages/configs/line-diff.ts';
import { toPercents, weightedNodes, withWeights } from '../../../src/server/console/pages/configs/weights.ts';

describe('lines of JSON', () => {
  const text = `{
  "strategy": { "mode": "fallback" },
  "targets": [
    { "provider": "openai" },
    {
      "virtualKey": "a, \\"b\\": [{",
      "model_groups": { "gpt-4": { "weight": 1 } }
    }
  ]
}`;
  it.each([
    ['$', 1],
    ['$.strategy.mode', 2],
    ['$.targets', 3],
    ['$.targets[0].provider', 4],
    ['$.targets[1]', 5],
    ['$.targets[1].virtual_key', 6],
    ['$.targets[1].model_groups["gpt-4"].weight', 7],
    ['$.targets[1].api_key', 5],
    ['$.nowhere[3].at.all', 1],
  ])('%s is in line %i', (path, line) => {
    expect(jsonLines(text)(path)).toBe(line);
  });
});

describe('what differs between texts', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 12 });

  it('makes the one of the other', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = lineDiff(before.join('\n'), after.join('\n'));
        const textOf = (left: string) => diff.filter(({ kind }) => kind !== left).map(({ text }) => text);
        expect(textOf('added')).toEqual(before);
        expect(textOf('removed')).toEqual(after);
      }),
    );
  });

  it('keeps what it can', () => {
    const told = lineDiff('a\nb\nc\nd', 'a\nx\nc\nd').map(({ kind, text, line }) => `${kind} ${line} ${text}`);
    expect(told).toEqual(['same 1 a', 'removed 2 b', 'added 2 x', 'same 3 c', 'same 4 d']);
  });
});

describe('hidden secrets', () => {
  const first = { targets: [{ api_key: 'a-long-secret-key-1111' }, { api_key: 'short' }, { api_key: 'other' }] };
  const later = { targets: [{ api_key: 'a-long-secret-key-2222' }] };

  it('come back wherever their dots were moved to', () => {
    const hidden = withHidden(first);
    expect(hidden).toEqual({ targets: [{ api_key: '•••• 1111' }, { api_key: '••••' }, { api_key: '•••• (2)' }] });
    expect(withSecrets(hidden, [first, later])).toEqual({ content: first, issues: [] });
    const moved = { targets: [{ api_key: '•••• (2)' }, { api_key: '••••' }, { api_key: '•••• 2222' }] };
    expect(withSecrets(moved, [first, later]).content).toEqual({
      targets: [{ api_key: 'other' }, { api_key: 'short' }, { api_key: 'a-long-secret-key-2222' }],
    });
  });

  it('are issues where they stand for nothing', () => {
    expect(withSecrets({ api_key: '•••• 9999' }, [first]).issues.map(({ path }) => path)).toEqual(['$.api_key']);
  });

  it('are no names, models or limits', () => {
    const config = { virtual_key: 'openai-prod', override_params: { model: 'gpt-4o', max_tokens: 10 } };
    expect(withHidden(config)).toEqual(config);
  });
});

describe('weights', () => {
  const config = {
    strategy: { mode: 'fallback' },
    targets: [
      { provider: 'openai' },
      { name: 'split', strategy: { mode: 'loadbalance' }, targets: [{ ref: 'pc-a', weight: 2 }, { provider: 'groq' }] },
      { strategy: { mode: 'loadbalance', algorithm: 'round_robin' }, targets: [{ provider: 'a' }, { provider: 'b' }] },
    ],
  };

  it('are found where they make shares', () => {
    expect(weightedNodes(config)).toEqual([
      {
        path: '$.targets[1]',
        name: 'split',
        targets: [
          { name: 'pc-a', percent: 67 },
          { name: 'groq', percent: 33 },
        ],
      },
    ]);
  });

  it('are set without touching the config that was', () => {
    const before = structuredClone(config);
    const after = withWeights(config, '$.targets[1]', [10, 90]);
    expect(config).toEqual(before);
    expect(weightedNodes(after)[0]?.targets.map(({ percent }) => percent)).toEqual([10, 90]);
    expect(() => withWeights(config, '$.targets[0]', [1, 2])).toThrow('no such node');
    expect(() => withWeights(config, '$.targets[1]', [1])).toThrow('no such node');
  });

  it('are whole percents that are 100 together', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 2, maxLength: 8 }), (weights) => {
        const sum = toPercents(weights).reduce((total, percent) => total + percent, 0);
        expect(sum).toBe(weights.every((weight) => weight === 0) ? 0 : 100);
      }),
    );
  });
});
