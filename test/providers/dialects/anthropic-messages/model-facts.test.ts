import { describe, expect, it } from 'vitest';
import { modelFacts } from '../../../../src/providers/dialects/anthropic-messages/model-facts.ts';

const all = ['low', 'medium', 'high', 'xhigh', 'max'];
const noXhigh = ['low', 'medium', 'high', 'max'];

describe('modelFacts', () => {
  it.each([
    ['claude-2.1', 4096, 'none', 'omit', [], 'both', true, false],
    ['claude-3-haiku-20240307', 4096, 'none', 'omit', [], 'both', true, false],
    ['claude-3-opus@20240229', 4096, 'none', 'omit', [], 'both', true, false],
    ['anthropic.claude-3-5-sonnet-20241022-v2:0', 8192, 'none', 'omit', [], 'both', true, false],
    ['claude-3-7-sonnet-latest', 64_000, 'budget', 'omit', [], 'both', true, false],
    ['claude-sonnet-4-20250514', 64_000, 'budget', 'omit', [], 'both', true, false],
    ['claude-opus-4-20250514', 32_000, 'budget', 'omit', [], 'both', true, false],
    ['us.anthropic.claude-opus-4-1-20250805-v1:0', 32_000, 'budget', 'omit', [], 'one', true, false],
    ['claude-sonnet-4-5@20250929', 64_000, 'budget', 'omit', [], 'one', true, true],
    ['claude-haiku-4-5', 64_000, 'budget', 'omit', [], 'one', true, true],
    ['claude-opus-4-5-20251101', 64_000, 'budget', 'omit', ['low', 'medium', 'high'], 'one', true, true],
    ['anthropic/claude-opus-4.5', 64_000, 'budget', 'omit', ['low', 'medium', 'high'], 'one', true, true],
    ['anthropic.claude-opus-4-6-v1', 128_000, 'adaptive', 'omit', noXhigh, 'one', true, true],
    ['anthropic/claude-4.6-sonnet', 128_000, 'adaptive', 'omit', noXhigh, 'one', true, true],
    ['claude-opus-4-7', 128_000, 'adaptive', 'omit', all, 'none', true, true],
    ['claude-opus-4-8', 128_000, 'adaptive', 'omit', all, 'none', true, true],
    ['claude-mythos-preview', 128_000, 'adaptive', 'never', noXhigh, 'none', true, true],
    ['claude-fable-5', 128_000, 'adaptive', 'never', all, 'none', true, true],
    ['claude-fable-5-1', 128_000, 'adaptive', 'never', all, 'none', false, true],
    ['claude-mythos-5-2', 128_000, 'adaptive', 'never', all, 'none', false, true],
    ['claude-opus-5', 128_000, 'adaptive', 'disabled', all, 'none', true, true],
    ['claude-sonnet-5', 128_000, 'adaptive', 'disabled', all, 'none', true, true],
    ['claude-opus-5-5', 128_000, 'adaptive', 'never', all, 'none', false, true],
    ['claude-sonnet-5-5', 128_000, 'adaptive', 'between_tools', all, 'none', false, true],
    ['claude-haiku-5-5', 128_000, 'adaptive', 'disabled', all, 'none', true, true],
    ['claude-opus-latest', 128_000, 'adaptive', 'never', all, 'none', false, true],
    ['claude-opus-12-10', 128_000, 'adaptive', 'never', all, 'none', false, true],
    ['some-other-model', 4096, 'budget', 'omit', [], 'both', true, false],
  ] as const)(
    'knows %s',
    (...[model, maxOutputTokens, thinking, thinkingOff, effort, sampling, forcedTools, structuredOutputs]) => {
      expect(modelFacts(model)).toEqual({
        maxOutputTokens,
        thinking,
        thinkingOff,
        effort,
        sampling,
        forcedTools,
        structuredOutputs,
      });
    },
  );
});
