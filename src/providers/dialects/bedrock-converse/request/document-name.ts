/**
 * Names for the documents of one request: letters, digits, single spaces, hyphens, parentheses and square brackets, up to
 * 200 characters, no name twice. File extensions go, since Bedrock allows no dot. Source: Bedrock API reference,
 * "DocumentBlock".
 */
export function documentNames(): (wanted: string | undefined) => string {
  const given = new Set<string>();
  return (wanted) => {
    const base = accepted(wanted ?? '');
    let name = base;
    for (let number = 2; given.has(name); number += 1) name = `${base} (${number})`;
    given.add(name);
    return name;
  };
}

function accepted(wanted: string): string {
  const name = wanted
    .replace(/\.[a-z0-9]{1,5}$/i, '')
    .replace(/[^a-z0-9\s\-()[\]]+/gi, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 190);
  return /[a-z0-9]/i.test(name) ? name : 'document';
}
