/** Throws a `TypeError` for what cannot be a namespace: it becomes part of hash tags. */
export function requireNamespace(namespace: string): void {
  if (!/^[\w.:-]{1,100}$/.test(namespace))
    throw new TypeError('"namespace" is 1 to 100 letters, digits, ".", "_", ":" or "-".');
}
