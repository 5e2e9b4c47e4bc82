import type { Endpoint } from './endpoint.ts';
import { loadAhead } from './lazy-part.ts';
import type { Dialect, LazyDialect, Provider } from './provider.ts';

/** The endpoints that a wire format has, loaded or not. */
export function endpointsOf(dialect: Dialect | LazyDialect): readonly Endpoint[] {
  return isLazy(dialect) ? dialect.endpoints : (Object.keys(dialect.codecs) as Endpoint[]);
}

/** The translation: at once where it is loaded. Rejects with `PartLoadError`. */
export function loadedDialect(dialect: Dialect | LazyDialect): Dialect | Promise<Dialect> {
  return isLazy(dialect) ? (dialect.translation.known ?? dialect.translation.get()) : dialect;
}

/** Begins to load what calls of `provider` will need, so that the first need not wait for it. */
export function loadProviderAhead({ dialect, parts = [] }: Provider): void {
  loadAhead(isLazy(dialect) ? [dialect.translation, ...parts] : parts);
}

function isLazy(dialect: Dialect | LazyDialect): dialect is LazyDialect {
  return 'translation' in dialect;
}
