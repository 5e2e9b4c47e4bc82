import type { Clock } from '../core/runtime.ts';

// Asked of the process, not imported: a bundle for a runtime without Node must not stumble over a module it never uses.
const { randomUUID } = process.getBuiltinModule('node:crypto');
const { open, readFile, rename, rm, stat } = process.getBuiltinModule('node:fs/promises');
const { hostname } = process.getBuiltinModule('node:os');

const lockTimeoutMs = 10_000;
const lockPollMs = 25;
const lockStaleMs = 60_000;

/** The lock of a file cannot be had. */
export class FileLockError extends Error {
  readonly code: 'locked' | 'io';

  constructor(code: 'locked' | 'io', message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** Runs `work` while `path.lock` is ours. A lock whose process is gone, or that is a minute old, is taken over. */
export async function locked<T>(path: string, clock: Clock, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  const token = `${process.pid} ${hostname()} ${randomUUID()}`;
  const giveUpAt = clock.now() + lockTimeoutMs;
  while (!(await take(lock, token))) {
    const holder = await holderOf(lock);
    if (holder === undefined || (holder.isGone && (await takeAway(lock, holder.token)))) continue;
    if (clock.now() >= giveUpAt) {
      throw new FileLockError('locked', `${path} is being written by another process. If none is, delete ${lock}.`);
    }
    await new Promise<void>((resolve) => clock.after(lockPollMs, resolve));
  }
  try {
    return await work();
  } finally {
    await takeAway(lock, token);
  }
}

async function take(lock: string, token: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx', 0o600);
    await file.writeFile(token).finally(() => file.close());
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw new FileLockError('io', `${lock} cannot be written: ${codeOf(error)}.`, error);
  }
}

async function holderOf(lock: string): Promise<{ readonly token: string; readonly isGone: boolean } | undefined> {
  try {
    const [token, { mtimeMs }] = [await readFile(lock, 'utf8'), await stat(lock)];
    const [pid, host] = token.split(' ');
    const isDead = host === hostname() && !isRunning(Number(pid));
    return { token, isGone: isDead || Date.now() - mtimeMs > lockStaleMs };
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? undefined : { token: '', isGone: false };
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/**
 * Removes the lock if it still holds `token`. Moved aside first: only one of several processes that found the same dead lock
 * succeeds, and one that moved a newer lock by mistake sees it and puts it back.
 */
async function takeAway(lock: string, token: string): Promise<boolean> {
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
    const isRight = (await readFile(aside, 'utf8')) === token;
    await (isRight ? rm(aside) : rename(aside, lock));
    return isRight;
  } catch {
    return false;
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'unknown error';
}
