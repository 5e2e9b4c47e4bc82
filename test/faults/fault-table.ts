import { faultCases } from './cases.ts';
import { type FaultRow, liveThrough } from './matrix.ts';

/** Every fault in every mode it can be met in, lived through. */
export async function faultRows(): Promise<readonly FaultRow[]> {
  const rows: FaultRow[] = [];
  for (const fault of faultCases) {
    for (const mode of ['whole', 'stream'] as const) {
      if (fault.only === undefined || fault.only === mode) rows.push(await liveThrough(fault, mode));
    }
  }
  return rows;
}

const introduction = `# What happens when a provider fails

Made by a run over real sockets (\`npm run faults\`); a test fails when a run says something else. Each fault is met three times: alone, with
\`retry: { attempts: 1 }\`, and in a fallback with a healthy target behind it. Content is in quotes. Where silence is the
fault, timeouts were set to 2 s (headers, silence between chunks) and 3 s (first content). After each fault no attempt is in flight, no timer
is set, and the sockets are closed but for those that are kept for the next call; after all of them memory is where it was.

| Fault | Call | The caller sees | Tried again | With a fallback the caller sees |
| --- | --- | --- | --- | --- |
`;

/** The table as a document. */
export function faultTable(rows: readonly FaultRow[]): string {
  const lines = rows.map(
    ({ name, mode, seen, retried, withFallback }) =>
      `| ${[name, mode, seen, retried ? 'yes' : 'no', withFallback].join(' | ')} |`,
  );
  return `${introduction}${lines.join('\n')}\n`;
}
