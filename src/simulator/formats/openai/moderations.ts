import type { Operation } from '../wire-format.ts';
import { checkRequired } from './check.ts';

/** Moderations (OpenAI API reference, "Moderations"): flagged when the behaviour says `contentFilter`. */
export const moderations: Operation = {
  check: ({ body }) => checkRequired(body, ['input']),
  reply: ({ body }, answer) => ({
    json: {
      id: `modr-${answer.id}`,
      model: body.model ?? 'omni-moderation-latest',
      results: Array.from({ length: Array.isArray(body.input) ? body.input.length : 1 }, () =>
        result(answer.contentFilter),
      ),
    },
  }),
};

const categories = [
  'harassment',
  'harassment/threatening',
  'hate',
  'hate/threatening',
  'illicit',
  'illicit/violent',
  'self-harm',
  'self-harm/instructions',
  'self-harm/intent',
  'sexual',
  'sexual/minors',
  'violence',
  'violence/graphic',
];

/** A flagged text is flagged as violence. */
function result(flagged: boolean) {
  const hit = (name: string) => flagged && name === 'violence';
  return {
    flagged,
    categories: Object.fromEntries(categories.map((name) => [name, hit(name)])),
    category_scores: Object.fromEntries(categories.map((name) => [name, hit(name) ? 0.98 : 0.0001])),
    category_applied_input_types: Object.fromEntries(categories.map((name) => [name, ['text']])),
  };
}
