/**
 * `T` as a consumer without `exactOptionalPropertyTypes` sees it: optional members lose their explicit `undefined`, at
 * any depth. Our request types carry it so that consumers with the flag may pass `undefined`; the `openai` package's do
 * not, so with the flag (as in this repository) ours go to theirs only by way of this.
 */
export type Given<T> = T extends Leaf
  ? T
  : T extends (infer Item)[]
    ? Given<Item>[]
    : {
        [Key in keyof T]: Record<never, never> extends Pick<T, Key> ? Given<Exclude<T[Key], undefined>> : Given<T[Key]>;
      };

type Leaf = string | number | boolean | null | undefined | Blob | ((...args: never[]) => unknown);
