import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A child process that answers each message with one. */
export interface Child {
  readonly pid: number | undefined;
  /** The next message of the child. Rejects when it ends instead. */
  next<Message>(): Promise<Message>;
  send(message: object): void;
  stop(): void;
}

/** Starts a file of this folder as a child process. */
export function startChild(file: string, args: readonly string[] = []): Child {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(path, [...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return {
    pid: child.pid,
    next: <Message>() => nextMessage<Message>(child, file),
    send: (message) => child.send(message),
    stop: () => child.kill(),
  };
}

function nextMessage<Message>(child: ChildProcess, file: string): Promise<Message> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`${file} ended with code ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as Message);
    });
  });
}
