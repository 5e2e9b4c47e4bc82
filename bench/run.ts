import { readFileSync, writeFileSync } from 'node:fs';
import { startChild } from './child.ts';
import type { Contest } from './contender.ts';
import { startGateway } from './gateway.ts';
import { compare, type Servers } from './harness.ts';
import { conditions, type Report, toMarkdown, toReport } from './report.ts';
import { coldImport } from './suites/cold-import.ts';
import { consolePages } from './suites/console.ts';
import { logFile } from './suites/log-file.ts';
import { server } from './suites/server.ts';
import { serverProcess } from './suites/server-process.ts';
import { size } from './suites/size.ts';

// node bench/run.ts [--write] [--rounds=n] [suite …]; all suites when none is named.

type Suite = (servers: Servers) => Promise<readonly Report[]>;

const suites: Readonly<Record<string, Suite>> = {
  request: contests('suites/request.ts'),
  stream: contests('suites/stream.ts'),
  fallback: contests('suites/fallback.ts'),
  routing: contests('suites/routing.ts'),
  logging: contests('suites/logging.ts'),
  money: contests('suites/money.ts'),
  'cold-import': async () => [coldImport()],
  size: async () => [await size()],
  'log-file': logFile,
  console: consolePages,
  server: (servers) => server(servers, rounds > 0 ? rounds : undefined),
  'server-process': serverProcess,
};

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const rounds = Number(process.argv.find((argument) => argument.startsWith('--rounds='))?.slice('--rounds='.length));
const unknown = names.filter((name) => suites[name] === undefined);
if (unknown.length > 0) throw new Error(`No suite ${unknown.join(', ')}. There are: ${Object.keys(suites).join(', ')}`);

const upstream = startChild('upstream.ts');
const gateway = await startGateway();
try {
  const { port } = await upstream.next<{ port: number }>();
  const servers = { addresses: { upstream: `http://127.0.0.1:${port}`, gateway: gateway?.url }, gateway };
  const written = await runSuites(servers);
  if (process.argv.includes('--write')) write(document(written));
} finally {
  gateway?.stop();
  upstream.stop();
}

/** What was measured by hand stays below. */
function write(text: string): void {
  const file = new URL('RESULTS.md', import.meta.url);
  const before = readFileSync(file, 'utf8');
  const byHand = before.indexOf('<!-- By hand');
  writeFileSync(file, byHand < 0 ? text : `${text}\n${before.slice(byHand)}`);
}

async function runSuites(servers: Servers): Promise<readonly string[]> {
  const written: string[] = [];
  for (const [name, suite] of Object.entries(suites)) {
    if (names.length > 0 && !names.includes(name)) continue;
    for (const report of await suite(servers)) {
      const text = toMarkdown(report);
      console.log(text);
      written.push(text);
    }
  }
  return written;
}

/** All contests that a module exports. */
function contests(file: string): Suite {
  return async (servers) => {
    const moduleUrl = new URL(file, import.meta.url).href;
    const exported = Object.entries((await import(moduleUrl)) as Record<string, Contest>);
    const reports: Report[] = [];
    for (const [exportName, given] of exported) {
      const contest = rounds > 0 ? { ...given, rounds } : given;
      reports.push(toReport(contest, await compare({ moduleUrl, exportName, contest }, servers)));
    }
    return reports;
  };
}

function document(tables: readonly string[]): string {
  const intro = [
    '# What modelmux costs',
    '',
    'Written by `node bench/run.ts --write`. Each contender runs in a process of its own and they take turns, round after round; the',
    'figures are medians over the rounds with the least and the most in brackets. "x first" compares CPU time with the first line of',
    'the table in the same round. The provider is a server on loopback in a process of its own.',
    '',
    conditions(),
    '',
  ];
  return [...intro, tables.join('\n')].join('\n');
}
