const lineWidth = 120;

/** `value` as JSON text the way the repository's formatter writes it: objects over several lines, lists of plain values on one. */
export function fixtureText(value: unknown): string {
  return `${written(value, '')}\n`;
}

function written(value: unknown, indent: string, taken = indent.length): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (!Array.isArray(value)) {
    const members = Object.entries(value).map(([name, member]) => {
      const key = `${inner}${JSON.stringify(name)}: `;
      return `${key}${written(member, inner, key.length)}`;
    });
    return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${indent}}`;
  }
  const items = value.map((item) => written(item, inner));
  const line = `[${items.join(', ')}]`;
  if (!line.includes('\n') && taken + line.length < lineWidth) return line;
  return `[\n${items.map((item) => `${inner}${item}`).join(',\n')}\n${indent}]`;
}
