/** Lines in a box of 16 by 16. */
export const icons = {
  sun: [
    'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6Z',
    'M8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  ],
  leave: ['M6 2.5H3.5a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1H6', 'M10.5 11 13.5 8l-3-3M13.5 8H6'],
  empty: [
    'M2.5 9.5 4.6 3.6a1 1 0 0 1 .94-.66h4.92a1 1 0 0 1 .94.66l2.1 5.9v2.5a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V9.500Z',
    'M2.5 9.500h3l1 1.500h3l1-1.500h3',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A drawing that says nothing to those who do not see it. */
export function Icon({ lines }: { readonly lines: readonly string[] }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      {lines.map((line) => (
        <path d={line} />
      ))}
    </svg>
  );
}
