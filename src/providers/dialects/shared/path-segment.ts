/** `name` as one segment of a path: it cannot leave it. `@`, which versions of models bear, stays readable. */
export function pathSegment(name: string): string {
  return encodeURIComponent(name).replaceAll('%40', '@');
}
