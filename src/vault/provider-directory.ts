import type { Provider } from '../core/provider.ts';

/** What a vault asks about providers. Handed in, because the providers themselves stand on a higher floor. */
export interface ProviderDirectory {
  /** The provider of this name or alias; undefined when there is none. */
  find(name: string): ProviderFacts | undefined;
  /** The known name nearest to a misspelt one; undefined when none is near. */
  suggest(name: string): string | undefined;
}

/** The part of a provider that a vault needs. */
export type ProviderFacts = Pick<Provider, 'name' | 'env' | 'envSettings' | 'needsKey' | 'fieldPrefix' | 'retired'>;
