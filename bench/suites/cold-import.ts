import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { spread } from '../harness.ts';
import type { Report } from '../report.ts';

const rounds = 15;
const modules = {
  'modelmux (dist)': new URL('../../dist/index.js', import.meta.url).href,
  openai: 'openai',
  'portkey-ai': 'portkey-ai',
};

/** How long the first import takes, in fresh processes that take turns. Needs `npm run build`. */
export function coldImport(): Report {
  const built = existsSync(fileURLToPath(modules['modelmux (dist)']));
  const names = Object.entries(modules).filter(([, specifier]) => built || !specifier.startsWith('file:'));
  const times = new Map<string, number[]>(names.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, specifier] of names) times.get(name)?.push(importMs(specifier) ?? Number.NaN);
  }
  return {
    title: `Cold import in a fresh process, ${rounds} of each`,
    columns: ['', 'ms'],
    rows: [
      ...(built ? [] : [['modelmux (dist)', 'not measured: run npm run build']]),
      ...[...times].map(([name, ms]) => [name, ms.some(Number.isNaN) ? 'not installed here' : spread(ms, 1)]),
    ],
  };
}

function importMs(specifier: string): number | undefined {
  const program = `const startedAt = performance.now(); await import(${JSON.stringify(specifier)}); console.log(performance.now() - startedAt);`;
  try {
    const cwd = fileURLToPath(new URL('..', import.meta.url));
    const args = ['--input-type=module', '--eval', program];
    return Number(execFileSync(process.execPath, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}
