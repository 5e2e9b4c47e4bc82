import type { Dialect } from '../../../core/provider.ts';
import { errorFacts } from '../shared/error-facts.ts';
import { speech, transcriptions, translations } from './audio.ts';
import { chatCompletions, completions } from './choices.ts';
import { embeddings } from './embeddings.ts';
import { imageEdits, imageGenerations, imageVariations } from './images.ts';
import { moderations } from './moderations.ts';
import { batches, files, models } from './objects.ts';
import { proxy } from './proxy.ts';
import { responses } from './responses.ts';

/** OpenAI's own wire format, which most hosts speak: nothing is renamed, dropped or limited. */
export const openai: Dialect = {
  name: 'openai',
  framing: 'sse',
  codecs: {
    'chat/completions': chatCompletions,
    completions,
    embeddings,
    responses,
    'images/generations': imageGenerations,
    'images/edits': imageEdits,
    'images/variations': imageVariations,
    'audio/speech': speech,
    'audio/transcriptions': transcriptions,
    'audio/translations': translations,
    moderations,
    models,
    files,
    batches,
    proxy,
  },
  decodeError: errorFacts,
};
