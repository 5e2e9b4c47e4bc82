import { spawn } from 'node:child_process';
import type { CliIo } from './io.ts';

/**
 * Shows `url` in the browser of whoever sits here: the one that the environment variable BROWSER names, else the system's. Says so where there is none.
 */
export function openBrowser(url: string, { env, stderr }: Pick<CliIo, 'env' | 'stderr'>): void {
  const [command, ...args] = opener(env['BROWSER']);
  if (command === undefined) return;
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => stderr(`warning: no browser could be started. Open ${url} yourself.\n`));
  child.unref();
}

function opener(named: string | undefined): readonly string[] {
  if (named !== undefined && named !== '') return [named];
  if (process.platform === 'darwin') return ['open'];
  return process.platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler'] : ['xdg-open'];
}
