/** A name in which each `*` stands for any text, also none. */
export interface Wildcard {
  readonly pattern: string;
  /** What the stars stand for in `text`, from left to right, each as short as can be; undefined when it does not match. Linear in `text`. */
  match(text: string): readonly string[] | undefined;
}

/** Reads a pattern. */
export function wildcard(pattern: string): Wildcard {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  return {
    pattern,
    match(text) {
      if (last === undefined) return text === pattern ? [] : undefined;
      if (!text.startsWith(first) || !text.endsWith(last)) return undefined;
      const end = text.length - last.length;
      let at = first.length;
      const captured: string[] = [];
      for (const literal of others) {
        const found = text.indexOf(literal, at);
        if (found < 0) return undefined;
        captured.push(text.slice(at, found));
        at = found + literal.length;
      }
      return at > end ? undefined : [...captured, text.slice(at, end)];
    },
  };
}

/** Orders patterns from the most specific: more characters that are no stars, then fewer stars. */
export function bySpecificity(a: string, b: string): number {
  return literals(b) - literals(a) || a.length - b.length;
}

/** `template` with its stars replaced by `captured`, the last star by the last one. Stars beyond the captured stay. */
export function fill(template: string, captured: readonly string[]): string {
  const parts = template.split('*');
  const stars = parts.length - 1;
  return parts.reduce((text, part, index) => `${text}${captured[captured.length - stars + index - 1] ?? '*'}${part}`);
}

function literals(pattern: string): number {
  return pattern.replaceAll('*', '').length;
}
