import * as z from 'zod/mini';
import type { Subject } from '../check.ts';
import { requestCheck } from '../check-kind.ts';

const models = z.array(z.string().check(z.minLength(1))).check(z.minLength(1));
type Metadata = Subject['metadata'];

/** `default.modelWhitelist`: the model asked for is one of the list, or of the rules for this metadata where any applies. */
export const modelWhitelist = requestCheck(
  {
    models: z.optional(models),
    metadataRules: z.optional(
      z.array(z.strictObject({ metadataKey: z.string().check(z.minLength(1)), values: models, models })),
    ),
  },
  ({ models: standing = [], metadataRules = [] }, report) => {
    if (standing.length === 0 && metadataRules.length === 0) {
      report('.models', 'Missing: the models to allow.');
      return undefined;
    }
    return judgeModel((metadata) => {
      const ruled = metadataRules.filter(({ metadataKey, values }) => values.includes(metadata[metadataKey] ?? ''));
      return ruled.length === 0 ? standing : ruled.flatMap((rule) => rule.models);
    });
  },
);

/** `default.modelRules`: the model asked for is allowed by the rules of this request's metadata, else by the defaults. */
export const modelRules = requestCheck(
  {
    rules: z.strictObject({
      defaults: z.optional(z.array(z.string().check(z.minLength(1)))),
      metadata: z.optional(z.record(z.string(), z.record(z.string(), z.array(z.string().check(z.minLength(1)))))),
    }),
  },
  ({ rules: { defaults = [], metadata: rules = {} } }, report) => {
    if (defaults.length === 0 && Object.keys(rules).length === 0) {
      report('.rules', 'Has neither "defaults" nor "metadata", so that no model would be allowed.');
      return undefined;
    }
    return judgeModel((metadata) => {
      const ruled = Object.entries(rules).flatMap(([key, byValue]) => {
        const value = metadata[key];
        return value !== undefined && Object.hasOwn(byValue, value) ? (byValue[value] ?? []) : [];
      });
      return ruled.length === 0 ? defaults : ruled;
    });
  },
);

/** `@slug/` says whose key is used, not which model: a list may name a model with it or without. */
function judgeModel(allowedFor: (metadata: Metadata) => readonly string[]) {
  return ({ request, metadata }: Subject) => {
    const model = typeof request.model === 'string' ? request.model : '';
    const allowed = allowedFor(metadata);
    const verdict = allowed.includes(model) || allowed.includes(model.replace(/^@[^/]+\//, ''));
    return { verdict, explanation: `The model ${JSON.stringify(model)} is ${verdict ? '' : 'not '}in the list.` };
  };
}
