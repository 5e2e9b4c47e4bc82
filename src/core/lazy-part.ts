import { PartLoadError } from './errors/part-load-error.ts';
import { type OpenedOnce, openOnce } from './open-once.ts';

/** A part of this library that only some configs or calls need, by `import()`. What fails rejects with `PartLoadError`. */
export function lazyPart<Part>(name: string, load: () => Promise<Part>): OpenedOnce<Part> {
  return openOnce(() =>
    load().catch((cause: unknown) => {
      throw new PartLoadError(name, cause);
    }),
  );
}

/** What `use` makes of a part: at once where that is loaded, without a turn of the event loop. */
export function withPart<Part, Result>(
  part: OpenedOnce<Part>,
  use: (loaded: Part) => Result | Promise<Result>,
): Result | Promise<Result> {
  const { known } = part;
  return known === undefined ? part.get().then(use) : use(known);
}

/** Begins to load parts that will be needed. Whoever needs one that fails is told then. */
export function loadAhead(parts: readonly OpenedOnce<unknown>[]): void {
  for (const part of parts) if (part.known === undefined) part.get().catch(() => undefined);
}

/** Methods of a part, each of which gives a promise: the first call of one loads it. */
export function lazyMethods<Part extends object, Name extends keyof Part>(
  part: OpenedOnce<Part>,
  names: Readonly<Record<Name, true>>,
): Pick<Part, Name> {
  const method =
    (name: string) =>
    async (...args: readonly unknown[]) => {
      const loaded = part.known ?? (await part.get());
      return (loaded as Record<string, (...given: readonly unknown[]) => unknown>)[name]?.(...args);
    };
  return Object.fromEntries(Object.keys(names).map((name) => [name, method(name)])) as unknown as Pick<Part, Name>;
}

/** One member of a part, as a part. */
export function lazyMember<Part, Name extends keyof Part>(part: OpenedOnce<Part>, name: Name): OpenedOnce<Part[Name]> {
  return {
    get: async () => (await part.get())[name],
    get known() {
      return part.known?.[name];
    },
  };
}
