import * as z from 'zod/mini';
import { didYouMean } from '../../../core/did-you-mean.ts';
import type { Endpoint } from '../../../core/endpoint.ts';
import { requestCheck } from '../check-kind.ts';

/** Portkey's names of what is asked; ours, such as `chat/completions`, are understood too. */
const portkeyNames: Readonly<Record<Endpoint, readonly string[]>> = {
  'chat/completions': ['chatComplete'],
  completions: ['complete'],
  embeddings: ['embed'],
  responses: ['createModelResponse'],
  'images/generations': ['imageGenerate'],
  'images/edits': ['imageEdit'],
  'images/variations': ['imageVariation'],
  'audio/speech': ['createSpeech'],
  'audio/transcriptions': ['createTranscription'],
  'audio/translations': ['createTranslation'],
  moderations: ['moderation', 'createModeration'],
  models: ['listModels'],
  files: ['uploadFile', 'listFiles', 'retrieveFile', 'deleteFile', 'retrieveFileContent'],
  batches: ['createBatch', 'retrieveBatch', 'cancelBatch', 'listBatches', 'getBatchOutput'],
  messages: ['messages'],
  proxy: ['proxy'],
};

const known = new Set(Object.entries(portkeyNames).flatMap(([endpoint, names]) => [endpoint, ...names]));
const types = z.union([z.array(z.string()), z.string()]);

/** `default.allowedRequestTypes`: what is asked is in `allowedTypes`, where given, and not in `blockedTypes`. */
export const allowedRequestTypes = requestCheck(
  { allowedTypes: z.optional(types), blockedTypes: z.optional(types) },
  ({ allowedTypes, blockedTypes }, report) => {
    const [allowed, blocked] = [listOf(allowedTypes), listOf(blockedTypes)];
    const wrong = [...named(allowed, '.allowedTypes'), ...named(blocked, '.blockedTypes')];
    if (allowed === undefined && blocked === undefined)
      wrong.push({
        path: '',
        message: 'Gives neither "allowedTypes" nor "blockedTypes", so that everything would pass.',
      });
    const twice = allowed?.find((type) => blocked?.includes(type));
    if (twice !== undefined)
      wrong.push({ path: '.blockedTypes', message: `"${twice}" is allowed and blocked. Keep one.` });
    for (const { path, message } of wrong) report(path, message);
    if (wrong.length > 0) return undefined;
    return ({ endpoint }) => {
      const names: readonly string[] = [endpoint, ...portkeyNames[endpoint]];
      const isIn = (list: readonly string[] | undefined) => list?.some((type) => names.includes(type)) === true;
      const verdict = (allowed === undefined || isIn(allowed)) && !isIn(blocked);
      return { verdict, explanation: `Requests for ${endpoint} are ${verdict ? '' : 'not '}allowed.` };
    };
  },
);

/** A list, or its names parted by commas. */
function listOf(given: readonly string[] | string | undefined): readonly string[] | undefined {
  return typeof given === 'string' ? given.split(',').map((type) => type.trim()) : given;
}

function named(list: readonly string[] | undefined, path: string): { path: string; message: string }[] {
  if (list?.length === 0) return [{ path, message: 'Is empty.' }];
  return (list ?? [])
    .filter((type) => !known.has(type))
    .map((type) => ({
      path,
      message: `Unknown request type "${type}".${didYouMean(type, known) || ` Valid: ${[...known].join(', ')}.`}`,
    }));
}
