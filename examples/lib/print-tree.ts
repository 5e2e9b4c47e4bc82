import type { Attempt, Config } from 'modelmux';

/** Prints a config as a tree, with what each target was asked and how it ended. */
export function printTree(config: Config, attempts: readonly Attempt[], path = 'config', indent = ''): void {
  for (const [index, target] of (config.targets ?? []).entries()) {
    const here = `${path}.targets[${index}]`;
    const isLast = index === (config.targets?.length ?? 0) - 1;
    const tried = attempts.filter((attempt) => attempt.path === here).map(describe);
    const label = target.strategy?.mode ?? target.virtual_key ?? target.provider ?? target.name;
    const weight = target.weight === undefined ? '' : ` (weight ${target.weight})`;
    console.log(
      `${indent}${isLast ? '└─' : '├─'} ${label}${weight}${tried.length === 0 ? '' : `  ${tried.join(', ')}`}`,
    );
    printTree(target, attempts, here, `${indent}${isLast ? '   ' : '│  '}`);
  }
}

function describe({ outcome, status, errorKind, durationMs }: Attempt): string {
  if (outcome === 'success') return `✔ answered in ${durationMs} ms`;
  return `✘ ${status ?? ''} ${errorKind ?? outcome}`;
}
