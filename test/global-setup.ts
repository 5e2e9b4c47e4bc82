import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { needProgram } from './support/debian-package.ts';

const root = join(import.meta.dirname, '..');

/**
 * Sees to the programs that tests start, and builds the package once, without types: examples and the command line are tested as they
 * are shipped.
 */
export function setup(): void {
  needProgram({ command: 'redis-server', debianPackage: 'redis-server', elsewhere: 'brew install redis' });
  const dist = join(root, 'dist');
  if (existsSync(dist)) rmSync(dist, { recursive: true });
  execFileSync(process.execPath, [join(root, 'node_modules/tsup/dist/cli-default.js'), '--no-dts', '--silent'], {
    cwd: root,
    stdio: 'inherit',
  });
}
