import type { CodecScope } from '../../../../core/provider.ts';
import { type ModelTraits, modelTraits } from '../model-traits.ts';
import { documentNames } from './document-name.ts';

/** What the parts of one request are encoded with. */
export interface Encoding {
  readonly scope: CodecScope;
  readonly traits: ModelTraits;
  /** A name for a document that Bedrock accepts and no other document of this request has. */
  readonly documentName: (wanted: string | undefined) => string;
}

/** The {@link Encoding} of one request. */
export function encodingOf(scope: CodecScope): Encoding {
  return { scope, traits: modelTraits(scope), documentName: documentNames() };
}
