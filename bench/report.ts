import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Contest } from './contender.ts';
import { type Standing, spread } from './harness.ts';

/** A table, first column the name. */
export interface Report {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Standings as a table: medians with the least and the most of all rounds. Columns nobody has figures for are left out. */
export function toReport(contest: Contest, standings: readonly Standing[]): Report {
  const columns: readonly Column[] = [
    { title: `client CPU, us/${contest.unit}`, of: ({ cpuUs }) => spread(cpuUs, decimalsFor(cpuUs)) },
    { title: 'x first', of: ({ ratios }) => (contest.unrelated === true ? '-' : spread(ratios, 2)) },
    { title: `wall, us/${contest.unit}`, of: ({ wallUs }) => spread(wallUs, decimalsFor(wallUs)) },
    { title: 'first content, ms', of: ({ toldMs }) => spread(toldMs, 2) },
    { title: `gateway CPU, us/${contest.unit}`, of: ({ gatewayUs }) => spread(gatewayUs, 0) },
  ];
  const kept = columns.filter(({ of }) => standings.some((standing) => of(standing) !== '-'));
  return {
    title: `${contest.title} (${contest.rounds} rounds)`,
    columns: ['', ...kept.map(({ title }) => title)],
    rows: standings.map((standing) => [
      standing.name,
      ...(standing.absent === undefined
        ? kept.map(({ of }) => of(standing))
        : [`could not be run: ${standing.absent}`]),
    ]),
  };
}

interface Column {
  readonly title: string;
  of(standing: Standing): string;
}

function decimalsFor([first = 0]: readonly number[]): number {
  if (first >= 100) return 0;
  return first >= 10 ? 1 : 3;
}

/** A report as a Markdown table. */
export function toMarkdown({ title, columns, rows }: Report): string {
  const widths = columns.map((column, index) => Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, index) => (cells[index] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [`## ${title}`, '', line(columns), rule, ...rows.map(line), ''].join('\n');
}

/** What the figures depend on: machine, Node, peers. */
export function conditions(): string {
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const peers = Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);
  const [{ model = 'unknown' } = {}] = cpus();
  return `Node ${process.versions.node}, ${cpus().length} x ${model}; ${peers.join(', ')}.`;
}
