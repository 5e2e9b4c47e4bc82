import type { ConfigIssue } from '../core/errors/config-error.ts';

/** Collects what is wrong in a config, each with its path. */
export interface Issues {
  add(path: string, message: string): void;
  readonly all: readonly ConfigIssue[];
}

const mostIssues = 100;

/** An empty collection. The same message at the same path is kept once; past 100 the rest is only counted as one. */
export function collectIssues(): Issues {
  const all: ConfigIssue[] = [];
  const seen = new Set<string>();
  return {
    all,
    add(path, message) {
      const key = `${path}\n${message}`;
      if (seen.has(key) || all.length > mostIssues) return;
      seen.add(key);
      all.push(
        all.length < mostIssues
          ? { path, message }
          : { path: '$', message: 'There are more problems than are listed here.' },
      );
    },
  };
}
