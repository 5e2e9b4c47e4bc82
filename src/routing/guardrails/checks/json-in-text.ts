const mostCandidates = 100;

/** The JSON objects and lists that a text is, has in fenced blocks, or holds among other words, in that order. */
export function jsonIn(text: string): readonly unknown[] {
  const whole = parsed(text.trim());
  if (whole !== undefined) return [whole.value];
  const fenced = fencedBlocks(text).flatMap((block) => parsed(block) ?? []);
  const candidates = fenced.length > 0 ? fenced : embedded(text);
  return candidates.map(({ value }) => value);
}

interface Parsed {
  readonly value: unknown;
}

/** Only objects and lists: `7` in a sentence is no JSON anybody meant. */
function parsed(text: string): Parsed | undefined {
  if (!text.startsWith('{') && !text.startsWith('[')) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function fencedBlocks(text: string): readonly string[] {
  const parts = text.split('```');
  return parts.filter((_, index) => index % 2 === 1).map((part) => part.replace(/^[\w-]*\s/, '').trim());
}

/** From each opening bracket to the one that closes it, as long as no candidate holds another. */
function embedded(text: string): readonly Parsed[] {
  const found: Parsed[] = [];
  let tries = 0;
  for (let at = nextOpening(text, 0); at >= 0 && tries < mostCandidates; tries++) {
    const end = closingOf(text, at);
    const candidate = end < 0 ? undefined : parsed(text.slice(at, end + 1));
    if (candidate !== undefined) found.push(candidate);
    at = nextOpening(text, candidate === undefined ? at + 1 : end + 1);
  }
  return found;
}

function nextOpening(text: string, from: number): number {
  const [brace, bracket] = [text.indexOf('{', from), text.indexOf('[', from)];
  return brace < 0 || bracket < 0 ? Math.max(brace, bracket) : Math.min(brace, bracket);
}

/** Where the bracket at `start` is closed; -1 when it never is. Brackets in strings do not count. */
function closingOf(text: string, start: number): number {
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]]/gs;
  token.lastIndex = start;
  let depth = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [sign] = found;
    if (sign === '{' || sign === '[') depth++;
    else if (sign === '}' || sign === ']') depth--;
    if (depth === 0) return found.index;
  }
  return -1;
}
