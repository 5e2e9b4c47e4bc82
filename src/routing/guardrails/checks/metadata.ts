import * as z from 'zod/mini';
import { requestCheck } from '../check-kind.ts';
import { holds, operator } from './contains.ts';

/** `default.requiredMetadataKeys`: the metadata of the call has all, any or none of the keys. */
export const requiredMetadataKeys = requestCheck(
  { metadataKeys: z.array(z.string().check(z.minLength(1))).check(z.minLength(1)), operator: z.optional(operator) },
  ({ metadataKeys, operator: by = 'all' }) =>
    ({ metadata }) => {
      const found = metadataKeys.filter((key) => Object.hasOwn(metadata, key));
      return {
        verdict: holds(by, found.length, metadataKeys.length),
        explanation: `The metadata has ${found.length} of ${metadataKeys.length} keys; ${by} is asked for.`,
        data: {
          operator: by,
          found_metadata_keys: found,
          missing_metadata_keys: metadataKeys.filter((key) => !found.includes(key)),
        },
      };
    },
);

/** `default.metadata`: the metadata of the call has all, any or none of these values. */
export const metadata = requestCheck(
  { pairs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])), operator: z.optional(operator) },
  ({ pairs, operator: by = 'all' }, report) => {
    const wanted = Object.entries(pairs);
    if (wanted.length === 0) {
      report('.pairs', 'Is empty.');
      return undefined;
    }
    return ({ metadata: given }) => {
      // Metadata carries only strings.
      const found = wanted.filter(([key, value]) => given[key] === String(value)).map(([key]) => key);
      return {
        verdict: holds(by, found.length, wanted.length),
        explanation: `${found.length} of ${wanted.length} values are as given; ${by} is asked for.`,
        data: {
          operator: by,
          foundKeys: found,
          missingKeys: wanted.map(([key]) => key).filter((key) => !found.includes(key)),
        },
      };
    };
  },
);
