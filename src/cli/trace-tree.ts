import type { Config } from '../config/config.ts';
import type { Attempt } from '../core/attempt.ts';
import type { Paint } from './style.ts';

/** A config as a tree, each target with what one request asked of it and how that ended. */
export function traceTree(config: Config, attempts: readonly Readonly<Attempt>[], paint: Paint): readonly string[] {
  return [config.strategy?.mode ?? label(config), ...branches(config, { attempts, path: 'config', indent: '', paint })];
}

interface Scope {
  readonly attempts: readonly Readonly<Attempt>[];
  readonly path: string;
  readonly indent: string;
  readonly paint: Paint;
}

function branches({ targets = [] }: Config, scope: Scope): readonly string[] {
  const { attempts, indent, paint } = scope;
  return targets.flatMap((target, index) => {
    const path = `${scope.path}.targets[${index}]`;
    const isLast = index === targets.length - 1;
    const tried = attempts.filter((attempt) => attempt.path === path).map((attempt) => told(attempt, paint));
    const line = `${indent}${isLast ? '└─' : '├─'} ${[label(target), ...tried].join('  ')}`;
    return [line, ...branches(target, { ...scope, path, indent: `${indent}${isLast ? '   ' : '│  '}` })];
  });
}

function label({ name, strategy, virtual_key: key, provider }: Config): string {
  const what = strategy?.mode ?? (key === undefined ? provider : `@${key}`) ?? 'target';
  return name === undefined ? what : `${name} (${what})`;
}

function told({ outcome, status, errorKind, durationMs }: Readonly<Attempt>, paint: Paint): string {
  if (outcome === 'success') return paint('green', `✔ answered in ${Math.round(durationMs ?? 0)} ms`);
  return paint('red', `✘ ${[status, errorKind ?? outcome].filter(Boolean).join(' ')}`);
}
